import type { Layer } from "../../layers/layer.ts";
import type { Structure } from "../../layers/types.ts";
import { abs } from "../../ops/compare.ts";
import {
	exp,
	log,
	neg,
	relu,
	sigmoid,
	sqrt,
	square,
	tanh,
} from "../../ops/elementwise.ts";
import { logSoftmax, softmax } from "../../ops/softmax.ts";
import type { Tensor } from "../../tensor.ts";
import { addCell } from "./cell.ts";
import type { Attribute } from "./file.ts";
import type { Builder, Value } from "./graph.ts";
import { addPooling } from "./pooling.ts";

type Part = Layer<never>;
type Kind = Structure["is"];
type StructureOf<K extends Kind, S = Structure> = S extends { is: infer All }
	? K extends All
		? S
		: never
	: never;

/** Adds a layer at its place (`1.` in a chain) to the graph, and returns what it gives. */
export function addPart(
	builder: Builder,
	place: string,
	part: Part,
	x: Value,
): Value {
	const { structure } = part;
	const kind = structure?.is;
	if (!kind || (x.ids && !takesIds.has(kind))) throw refused(place, part.name);
	const write = writers[kind] as (site: Site, structure: Structure) => Value;
	return write(new Site(builder, place, part, x), structure);
}

/** What takes ids, or hands them on. */
const takesIds: ReadonlySet<Kind> = new Set(["chain", "embedding", "training"]);

/** A layer, its place in the network, and what it reads. */
class Site {
	readonly builder: Builder;
	readonly place: string;
	readonly x: Value;
	readonly name: string;
	readonly w: Readonly<Record<string, Tensor>>;

	constructor(builder: Builder, place: string, part: Part, x: Value) {
		this.builder = builder;
		this.place = place;
		this.x = x;
		this.name = part.name;
		this.w = part.weights as Readonly<Record<string, Tensor>>;
	}

	add(
		operator: string,
		inputs: readonly string[],
		attributes: Readonly<Record<string, Attribute>> = {},
	): string {
		return this.builder.add(this.place, operator, inputs, attributes);
	}

	/** One of the layer's weights, as a constant of the graph. */
	weight(name: string): string {
		return this.builder.weight(`${this.place}${name}`, this.w[name]);
	}

	/** A layer inside this one; `at` follows this one's place. */
	inside(at: string, part: Part, x = this.x): Value {
		return addPart(this.builder, `${this.place}${at}`, part, x);
	}

	/** x·W + b for each step. */
	affine(W: string): Value {
		const { x, w } = this;
		const product = this.add("MatMul", [x.name, W]);
		const name = this.add("Add", [product, this.weight("b")]);
		return { ...x, width: w.b.size, name };
	}

	/** A layer inside this one that reads each sequence from its end. */
	reversed(at: string, inner: Part): Value {
		const { builder, x } = this;
		const place = `${this.place}${at}`;
		if (inner.structure?.is === "unroll") {
			const { cell } = inner.structure;
			return addCell(builder, { place, cell, backward: true }, x);
		}
		const read = builder.turned(place, builder.cleared(place, x));
		return builder.turned(place, addPart(builder, place, inner, read));
	}
}

/** ONNX's operators of functions of one tensor. */
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

/** How each kind of layer is written. */
const writers: {
	[K in Kind]: (site: Site, structure: StructureOf<K>) => Value;
} = {
	chain: (site, { links }) =>
		links.reduce((x, link, i) => site.inside(`${i}.`, link, x), site.x),
	function(site, { apply }) {
		const { x, name, place } = site;
		if (apply === square)
			return { ...x, name: site.add("Mul", [x.name, x.name]) };
		const operator = functions.get(apply);
		if (!operator) throw refused(place, `the function ${name}`);
		const over = operator.endsWith("Softmax") ? { axis: -1n } : undefined;
		return { ...x, name: site.add(operator, [x.name], over) };
	},
	training: (site, { inner }) => (inner ? site.inside("", inner) : site.x),
	unroll: ({ builder, place, x }, { cell }) =>
		addCell(builder, { place, cell, backward: false }, x),
	reversed: (site, { inner }) => site.reversed("", inner),
	bidirectional(site, { forward, backward, merge }) {
		const ahead = site.inside("forward.", forward);
		const back = site.reversed("backward.", backward);
		const both = [ahead.name, back.name];
		if (merge === "sum") return { ...ahead, name: site.add("Add", both) };
		const width = (ahead.width ?? 0) + (back.width ?? 0);
		return { ...ahead, width, name: site.add("Concat", both, { axis: 2n }) };
	},
	residual(site, { inner }) {
		const added = site.inside("", inner);
		return { ...added, name: site.add("Add", [site.x.name, added.name]) };
	},
	embedding(site) {
		const table = site.weight("table");
		const name = site.add("Gather", [table, site.x.name], { axis: 0n });
		return { name, width: site.w.table.shape[1], steps: true };
	},
	dense: (site) => site.affine(site.weight("W")),
	tied(site) {
		const table = site.weight("table");
		return site.affine(site.add("Transpose", [table], { perm: [1n, 0n] }));
	},
	layerNorm(site, { epsilon }) {
		const inputs = [site.x.name, site.weight("g"), site.weight("b")];
		const how = { axis: -1n, epsilon };
		return { ...site.x, name: site.add("LayerNormalization", inputs, how) };
	},
	repeatOverTime(site, { steps }) {
		const { builder, place, name, x } = site;
		if (x.steps) throw refused(place, `${name} of the network's input`);
		const repeated = site.add("Expand", [
			x.name,
			builder.integers([steps, 1, 1]),
		]);
		return { ...x, steps: true, made: true, name: repeated };
	},
	lastStep: pooling,
	meanOverTime: pooling,
	maxOverTime: pooling,
};

function pooling(
	{ builder, place, x }: Site,
	structure: StructureOf<"lastStep" | "meanOverTime" | "maxOverTime">,
): Value {
	return addPooling(builder, place, structure, x);
}

function refused(place: string, what: string): Error {
	const where = place ? ` at ${place.slice(0, -1)}` : "";
	return new Error(
		`toOnnx: ${what}${where} cannot be written: what it does is not one of the layers and functions that toOnnx knows`,
	);
}
