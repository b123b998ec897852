import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aLayer, flag, optional, size } from "../expect/rules.ts";
import type { Layer } from "../layers/layer.ts";
import type { Structure } from "../layers/types.ts";
import { abs } from "../ops/compare.ts";
import {
	exp,
	log,
	neg,
	relu,
	sigmoid,
	sqrt,
	square,
	tanh,
} from "../ops/elementwise.ts";
import { logSoftmax, softmax } from "../ops/softmax.ts";
import type { Tensor } from "../tensor.ts";
import { addCell } from "./onnx/cell.ts";
import { type Attribute, onnxFile } from "./onnx/file.ts";
import { Builder, type Value } from "./onnx/graph.ts";

export interface OnnxOptions {
	/** T: the number of steps, if it is always the same; default any. */
	steps?: number;
	/** B: the number of sequences, if it is always the same; default any. */
	batch?: number;
	/** Whether the number of steps of each sequence is a second input, `lengths` [B], int32; default not, all have T. */
	lengths?: boolean;
}

const rules: Rules<OnnxOptions> = {
	steps: optional(size),
	batch: optional(size),
	lengths: optional(flag),
};

type Part = Layer<never>;
type Attributes = Readonly<Record<string, Attribute>>;

/**
 * A network as a file in the format ONNX, for inference by ONNX Runtime and others: in Python, C++, a phone, a page.
 *
 * Its input is `x` [T, B, D], float, or `ids` [T, B], int64, where the first layer is an embedding; its output is `outputs`, [T, B, K], or [B, K] after a
 * layer that pools the steps. T and B may be any number unless told. Weights are stored as float32; dropout and its like are left out.
 *
 * ```ts
 * saveFile("tagger.onnx", toOnnx(chain(words, bidirectional({ forward, backward }), head), { lengths: true }));
 * ```
 *
 * What it can write: `chain`, `residual`, `residualStack`, `bidirectional`, `reversed`, `unroll` of `elman`, `irnn`, `lstm` and both kinds of `gru`; `embedding`, `dense`,
 * `tied`, `layerNorm`, `lastStep`, `meanOverTime`, `maxOverTime`, `repeatOverTime` after one of these; the functions tanh, sigmoid, relu, exp, log, sqrt, square, abs, neg, softmax, logSoftmax.
 * @returns the bytes of the file, with the operators of ONNX's version 17
 * @throws when a part is none of these, such as a function or a cell of one's own: it says which, and where.
 */
export function toOnnx(
	model: Layer<never>,
	options: OnnxOptions = {},
): Uint8Array {
	expectValue("toOnnx", "the model", model, aLayer);
	const {
		steps: T = "T",
		batch: B = "B",
		lengths,
	} = expectOptions("toOnnx", options, rules);
	const builder = new Builder(lengths ? "lengths" : undefined);
	const first = firstOf(model);
	const ids = first?.is === "embedding";
	const name = ids ? "ids" : "x";
	const given = { name, steps: true, ids, width: inputSize(model) };
	const {
		name: made,
		width,
		steps,
	} = addPart(builder, "", model, builder.cleared("", given));
	builder.nodes.push({
		operator: "Identity",
		inputs: [made],
		outputs: ["outputs"],
		attributes: {},
	});
	const K = width ?? "K";
	return onnxFile({
		name: model.name,
		nodes: builder.nodes,
		constants: builder.constants,
		inputs: [
			ids
				? { name, type: "int64", shape: [T, B] }
				: { name, type: "float", shape: [T, B, given.width ?? "D"] },
			...(lengths
				? [{ name: "lengths", type: "int32" as const, shape: [B] }]
				: []),
		],
		outputs: [
			{ name: "outputs", type: "float", shape: steps ? [T, B, K] : [B, K] },
		],
	});
}

/** What reads the input first. */
function firstOf(part: Part): Structure | undefined {
	const { structure } = part;
	if (structure?.is === "chain") return firstOf(structure.links[0]);
	if (structure?.is === "training" && structure.inner)
		return firstOf(structure.inner);
	return structure;
}

/** D: how many numbers a step of x has, as far as the first layers say. */
function inputSize(part: Part): number | undefined {
	const { structure, weights } = part as Layer<never>;
	switch (structure?.is) {
		case "chain":
			return inputSize(
				structure.links.find((link) => !passes(link)) ?? structure.links[0],
			);
		case "unroll":
			return structure.cell.inputs;
		case "bidirectional":
			return inputSize(structure.forward);
		case "reversed":
		case "residual":
			return inputSize(structure.inner);
		case "dense":
			return weights.W.shape[0];
		case "layerNorm":
			return weights.g.shape[0];
		case "tied":
			return weights.table.shape[1];
		default:
			return undefined;
	}
}

/** Whether a layer's outputs have the size of its inputs, whatever that is. */
const passes = ({ structure }: Part): boolean =>
	structure?.is === "function" ||
	(structure?.is === "training" && !structure.inner);

/** ONNX's operators of functions of one tensor, with what they need to know. */
const functions = new Map<unknown, string>([
	[tanh, "Tanh"],
	[sigmoid, "Sigmoid"],
	[relu, "Relu"],
	[exp, "Exp"],
	[log, "Log"],
	[sqrt, "Sqrt"],
	[abs, "Abs"],
	[neg, "Neg"],
	[softmax, "Softmax"],
	[logSoftmax, "LogSoftmax"],
]);

/** Adds a layer at its place (`1.` in a chain) to the graph, and returns what it gives. */
function addPart(builder: Builder, place: string, part: Part, x: Value): Value {
	const { structure, name } = part;
	const w = part.weights as Readonly<Record<string, Tensor>>;
	const add = (
		operator: string,
		inputs: readonly string[],
		attributes: Attributes = {},
	) => builder.add(place, operator, inputs, attributes);
	/** x·W + b for each step. */
	const affine = (W: string): Value => {
		const product = add("MatMul", [x.name, W]);
		const b = builder.weight(`${place}b`, w.b);
		return { ...x, width: w.b.size, name: add("Add", [product, b]) };
	};
	if (
		x.ids &&
		!["chain", "embedding", "training"].includes(structure?.is ?? "")
	)
		throw refused(place, name);
	switch (structure?.is) {
		case "chain":
			return structure.links.reduce(
				(value, link, i) => addPart(builder, `${place}${i}.`, link, value),
				x,
			);
		case "function": {
			if (structure.apply === square)
				return { ...x, name: add("Mul", [x.name, x.name]) };
			const operator = functions.get(structure.apply);
			if (!operator) throw refused(place, `the function ${name}`);
			const last: Attributes = operator.endsWith("Softmax")
				? { axis: -1n }
				: {};
			return { ...x, name: add(operator, [x.name], last) };
		}
		case "training":
			return structure.inner ? addPart(builder, place, structure.inner, x) : x;
		case "unroll":
			return addCell(
				builder,
				{ place, cell: structure.cell, backward: false },
				x,
			);
		case "reversed":
			return addReversed(builder, place, structure.inner, x);
		case "bidirectional": {
			const { forward, backward, merge } = structure;
			const ahead = addPart(builder, `${place}forward.`, forward, x);
			const back = addReversed(builder, `${place}backward.`, backward, x);
			const both = [ahead.name, back.name];
			if (merge === "sum") return { ...ahead, name: add("Add", both) };
			const width = (ahead.width ?? 0) + (back.width ?? 0);
			return { ...ahead, width, name: add("Concat", both, { axis: 2n }) };
		}
		case "residual": {
			const inner = addPart(builder, place, structure.inner, x);
			return { ...inner, name: add("Add", [x.name, inner.name]) };
		}
		case "embedding": {
			const table = builder.weight(`${place}table`, w.table);
			const name = add("Gather", [table, x.name], { axis: 0n });
			return { name, width: w.table.shape[1], steps: true };
		}
		case "dense":
			return affine(builder.weight(`${place}W`, w.W));
		case "tied": {
			const table = builder.weight(`${place}table`, w.table);
			return affine(add("Transpose", [table], { perm: [1n, 0n] }));
		}
		case "layerNorm": {
			const [g, b] = [
				builder.weight(`${place}g`, w.g),
				builder.weight(`${place}b`, w.b),
			];
			const how = { axis: -1n, epsilon: structure.epsilon };
			return { ...x, name: add("LayerNormalization", [x.name, g, b], how) };
		}
		case "repeatOverTime": {
			if (x.steps) throw refused(place, `${name} of the network's input`);
			const shape = builder.integers([structure.steps, 1, 1]);
			const repeated = add("Expand", [x.name, shape]);
			return { ...x, steps: true, made: true, name: repeated };
		}
		case "lastStep":
		case "meanOverTime":
		case "maxOverTime":
			return addPooling(builder, place, structure, x);
		default:
			throw refused(place, name);
	}
}

/** A layer that reads each sequence from its end. */
function addReversed(
	builder: Builder,
	place: string,
	inner: Part,
	x: Value,
): Value {
	if (inner.structure?.is === "unroll") {
		const { cell } = inner.structure;
		return addCell(builder, { place, cell, backward: true }, x);
	}
	const read = builder.turned(place, builder.cleared(place, x));
	return builder.turned(place, addPart(builder, place, inner, read));
}

/** From [T, B, H] to [B, H]. */
function addPooling(
	builder: Builder,
	place: string,
	structure: Extract<
		Structure,
		{ is: "lastStep" | "meanOverTime" | "maxOverTime" }
	>,
	x: Value,
): Value {
	const made = (name: string): Value => ({ ...x, name, steps: false });
	const step = (value: Value, t: number) =>
		builder.add(place, "Gather", [value.name, builder.integers([t], [])], {
			axis: 0n,
		});
	if (structure.is === "lastStep") {
		const last = builder.lengthsOf(x)
			? step(builder.turned(place, x), 0)
			: step(x, -1);
		if (structure.directions === 1) return made(last);
		const H = x.width as number;
		const half = (value: string, from: number) =>
			builder.add(place, "Slice", [
				value,
				...[[from], [from + H / 2], [1]].map((at) => builder.integers(at)),
			]);
		const ends = [half(last, 0), half(step(x, 0), H / 2)];
		return made(builder.add(place, "Concat", ends, { axis: 1n }));
	}
	if (structure.is === "maxOverTime") {
		const { name } = builder.cleared(place, x, -Infinity);
		const over = { axes: [0n], keepdims: 0n };
		return made(builder.add(place, "ReduceMax", [name], over));
	}
	const { name } = builder.cleared(place, x);
	const lengths = builder.lengthsOf(x);
	if (!lengths)
		return made(
			builder.add(place, "ReduceMean", [name], { axes: [0n], keepdims: 0n }),
		);
	const sums = builder.add(place, "ReduceSum", [name, builder.integers([0])], {
		keepdims: 0n,
	});
	const counts = builder.add(place, "Unsqueeze", [
		builder.add(place, "Cast", [lengths], { to: 1n }),
		builder.integers([1]),
	]);
	return made(builder.add(place, "Div", [sums, counts]));
}

function refused(place: string, what: string): Error {
	const where = place ? ` at ${place.slice(0, -1)}` : "";
	return new Error(
		`toOnnx: ${what}${where} cannot be written: what it does is not one of the layers and functions that toOnnx knows`,
	);
}
