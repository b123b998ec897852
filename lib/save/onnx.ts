import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aLayer, flag, optional, size } from "../expect/rules.ts";
import type { Layer } from "../layers/layer.ts";
import type { Structure } from "../layers/types.ts";
import { onnxFile } from "./onnx/file.ts";
import { Builder } from "./onnx/graph.ts";
import { addPart } from "./onnx/part.ts";

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
