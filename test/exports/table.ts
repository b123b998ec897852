import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as datasets from "@unrolled/datasets";
import * as unrolled from "unrolled";
import * as exercise from "unrolled/exercise";
import {
	aCell,
	aLayer,
	anyNumber,
	anyTensor,
	anything,
	aTensor,
	dtype,
	flag,
	fn,
	ids,
	type Kind,
	kind,
	notNegative,
	number,
	numbers,
	oneOf,
	only,
	optional,
	options,
	or,
	positive,
	rate,
	size,
	source,
	text,
	whole,
} from "./kinds.ts";

export const modules = { ...unrolled, ...exercise, ...datasets };

/** A function, by the name a test shows, and what it may be given. */
export interface Row {
	name: string;
	call: (...given: never[]) => unknown;
	kinds: readonly Kind[];
}
const row = (
	name: string,
	call: (...given: never[]) => unknown,
	...kinds: Kind[]
): Row => ({ name, call, kinds });
/** An exported function under its own name. */
const own = (name: keyof typeof modules, ...kinds: Kind[]) =>
	row(name, modules[name] as never, ...kinds);

const u = unrolled;
const sizes = { inputs: 3, hidden: 2 } as const;
const seed = () => u.random(1);
const gru = () => u.gru({ ...sizes, random: seed() });
const lstm = () => u.lstm({ ...sizes, random: seed() });
const unrolledGru = () => u.unroll(gru());
const square = () => u.unroll(u.gru({ inputs: 2, hidden: 2, random: seed() }));
const embedding = () => u.embedding({ tokens: 4, size: 3, random: seed() });
const writer = () =>
	u.chain(
		embedding(),
		u.unroll(gru()),
		u.dense({ inputs: 2, outputs: 4, random: seed() }),
	);
const letters = () => u.vocabulary("abcd");
const attention = () => u.dotAttention();
const weights = () => {
	const w = u.ones([2], { requiresGrad: true });
	w.grad = u.ones([2]);
	return { w };
};

const initial = optional(
	only(() => ({ b: u.constant(0.5) })), // {} is right too
);
const cellKinds = {
	inputs: size(3),
	hidden: size(2),
	random: source,
	dtype: optional(dtype),
};
const withInitial = {
	...cellKinds,
	initial: or(initial, options({})),
};
const activation = optional(oneOf("tanh", "sigmoid", "relu"));
const elmanKinds = {
	...withInitial,
	activation,
	context: optional(number(0.5)),
};
const { activation: _, context: __, ...irnnKinds } = elmanKinds;
const depth = size(2);
const placesKinds = { ...withInitial, places: optional(size(2)) };

const cellOptions: Record<string, Record<string, Kind>> = {
	elman: elmanKinds,
	irnn: { ...irnnKinds, scale: optional(number(0.9)) },
	jordan: { ...withInitial, outputs: size(2), decay: optional(rate()) },
	lstm: withInitial,
	lstm1997: withInitial,
	peephole: withInitial,
	layerNormLstm: withInitial,
	projectedLstm: { ...withInitial, projection: size(2) },
	gru: { ...withInitial, reset: optional(oneOf("before", "after")) },
	rhn: { ...withInitial, depth, transformBias: optional(number(-1)) },
	sru: { ...withInitial, highwayBias: optional(number(-1)) },
	sru2017: withInitial,
	qrnn: {
		...withInitial,
		window: optional(size(2)),
		pooling: optional(oneOf("f", "fo", "ifo")),
		zoneout: optional(rate()),
	},
	deepTransition: {
		...withInitial,
		depth: whole(2, 2),
		shortcut: optional(flag),
		activation,
	},
};

/** Every cell by its name, as the options above make it. */
export const madeCells: [string, () => unrolled.Cell][] = Object.entries(
	cellOptions,
).map(([name, kinds]) => [
	name,
	() =>
		(modules as never as Record<string, (o: unknown) => unrolled.Cell>)[name](
			options(kinds).good(),
		),
]);

const runKinds = {
	state: anything(undefined),
	lengths: optional(
		numbers(
			() => [1, 2],
			(n) => Number.isInteger(n) && n >= 0 && n <= 2,
			(length) => length === 2,
		),
	),
	training: optional(flag),
	random: source,
	inspect: optional(flag),
};
const run = optional(options({ ...runKinds, random: optional(source) }));
const xs = aTensor([2, 2, 3]);
const shape = numbers(
	() => [2, 3],
	(n) => Number.isInteger(n) && n >= 0,
);
const listedShape: Kind = {
	...shape,
	accepts: (v) => Array.isArray(v) && shape.accepts(v),
};
const filled = {
	dtype: optional(dtype),
	requiresGrad: optional(flag),
};
const broadcast = or(aTensor([2, 3]), aTensor([]), anyNumber(2));
const axis = optional(whole(1, -2, 1));
const withWeights = [aLayer(unrolledGru), aCell(gru)];
const weightSet = or(only(weights), options({}), numbersOf([]), ...withWeights);
const tokenKinds = {
	start: numbers(
		() => [1, 2],
		(n) => Number.isInteger(n) && n >= 0 && n < 4,
		(length) => length > 0,
	),
	limit: whole(2, 0),
	end: optional(whole(3)),
	state: anything(undefined),
};
const sampleKinds = {
	random: source,
	temperature: optional(notNegative(0.7)),
	top: optional(size(2)),
	nucleus: optional(number(0.9, (n) => n > 0 && n <= 1)),
};
const attentionKinds = {
	queries: size(2),
	memory: size(2),
	random: source,
	dtype: optional(dtype),
	initial: optional(options({})),
};
const tree = { label: 1, children: [{ label: 0 }, null] };
/** Any objects are nodes, their labels and children are what counts. */
const trees: Kind = {
	good: () => [tree],
	accepts: (v) =>
		Array.isArray(v) &&
		v.every((n) => typeof n === "object" && n !== null && !Array.isArray(n)),
};
/** A list of numbers, not empty and without a gap. */
const filledList = (v: unknown): boolean =>
	(Array.isArray(v) || v instanceof Uint8Array) &&
	v.length > 0 &&
	Array.from<unknown>(v).every((n) => typeof n === "number");
const items: Kind = {
	good: () => [1, 2, 3],
	accepts: (v) => (Array.isArray(v) || v instanceof Uint8Array) && v.length > 1,
};
const aRate: Kind = or(
	positive(0.1),
	fn(() => 0.1),
);
const adamKinds = {
	rate: optional(aRate),
	beta1: optional(rate()),
	beta2: optional(rate()),
	epsilon: optional(positive(1e-8)),
};
/** Of two positions; nested lists and numbers have other shapes. */
const aMask: Kind = optional(
	or(
		numbers(
			() => [1, 0.5],
			(n) => n >= 0 && n < Infinity,
			(l) => l === 2,
		),
		aTensor([2]),
	),
);
const halves: Kind = {
	...aTensor([2, 3]),
	good: () => u.div(u.ones([2, 3]), 2),
};
const mixtureKinds = {
	components: whole(1, 1, 1),
	pens: optional(whole(2, 2, 2)),
	least: optional(notNegative(0.1)),
	bias: optional(notNegative(1)),
};
const ctcKinds = {
	lengths: optional(
		numbers(
			() => [3],
			(n) => [1, 2, 3].includes(n),
			(l) => l === 1,
		),
	),
	blank: optional(oneOf(0, 2, 3)),
};
const anyTokens: Kind = {
	good: () => "ab",
	accepts: (v) =>
		typeof v === "string" || Array.isArray(v) || v instanceof Uint8Array,
};
const tokenLists: Kind = {
	good: () => ["ab", [1, 2]],
	accepts: (v) =>
		Array.isArray(v) &&
		v.length === 2 &&
		Array.from(v).every(anyTokens.accepts),
};
const byItself = fn((item: never) => item);
const token = (good: string): Kind => ({
	good: () => good,
	accepts: (v) => typeof v === "string" && v !== "",
});
const cellArgument = aCell(gru);
const wrapped = (v: unknown) =>
	cellArgument.accepts(v) && !("places" in (v as object));
const cell: Kind = { ...cellArgument, accepts: wrapped };
const unary = [
	"abs",
	"exp",
	"log",
	"neg",
	"relu",
	"sigmoid",
	"sqrt",
	"square",
	"tanh",
] as const;
const binary = [
	...(["add", "sub", "mul", "div", "pow", "maximum", "minimum"] as const),
	...(["greater", "less", "equal"] as const),
] as const;
const random = { random: source };
const fewOf = { most: optional(whole(5, 1)), random: optional(source) };
const oneDigit = {
	label: 3,
	pixels: Array.from({ length: 8 }, () => new Array<number>(8).fill(0.5)),
};
/** A table, and a file that was fetched before. */
const kept = (() => {
	const folder = join(tmpdir(), "unrolled-exports");
	const sha256 = createHash("sha256").update("x").digest("hex");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, `${sha256.slice(0, 12)}-x.bin`), "x");
	writeFileSync(join(folder, "table.csv"), "a\n1\n");
	return { folder, sha256, table: join(folder, "table.csv") };
})();
const linear = u.dense({ inputs: 2, outputs: 2, random: seed() });
const road = () => datasets.track({ steps: 20, random: seed() });

export const rows: Row[] = [
	// tensors
	own(
		"tensor",
		or(
			numbers(() => [1, 2]),
			anyNumber(1),
		),
		optional(
			options({
				shape: optional(numbersOf([2])),
				...filled,
			}),
		),
	),
	own("zeros", listedShape, optional(options(filled))),
	own("ones", listedShape, optional(options(filled))),
	row(
		"new Tensor",
		(data: Float32Array, shape: number[]) => new u.Tensor(data, shape),
		only(() => new Float32Array(2)),
		numbersOf([2]),
	),
	own(
		"noGrad",
		fn(() => u.ones([2])),
	),
	own(
		"detach",
		or(
			only(() => u.ones([2])),
			anyTensor([2]),
			only(() => ({ h: u.ones([2]) })),
			oneOf(undefined),
			options({}),
			numbersOf([]),
		),
	),

	// operations
	...unary.map((name) => own(name, anyTensor([2, 3]))),
	...binary.map((name) =>
		own(name, or(anyTensor([2, 3]), anyNumber(2)), broadcast),
	),
	...binary.map((name) =>
		row(
			`${name}, the other way`,
			(a: never, b: never) => u[name](b, a),
			operandOf(),
			or(aTensor([2, 3]), aTensor([]), anyNumber(2)),
		),
	),
	row("add of three", u.add as never, operandOf(), operandOf(), operandOf()),
	own(
		"matmul",
		aTensor([2, 3]),
		aTensor([3, 2]),
		optional(
			options({
				transposeA: optional(oneOf(false)),
				transposeB: optional(oneOf(false)),
			}),
		),
	),
	own("softmax", anyAxes([2, 3])),
	own("logSoftmax", anyAxes([2, 3])),
	...(["sum", "mean", "max", "min", "logSumExp"] as const).map((name) =>
		own(
			name,
			aTensor([2, 3]),
			or(axis, numbersOf([0, 1])),
			optional(options({ keep: optional(flag) })),
		),
	),
	own("argmax", aTensor([2, 3]), axis),
	own(
		"clip",
		anyTensor([2, 3]),
		number(-1, (n) => n <= 1),
		number(1, (n) => n >= -1),
	),
	own("reshape", aTensor([2, 3]), numbersOf([3, 2])),
	own("transpose", aTensor([2, 3]), optional(numbersOf([1, 0]))),
	own(
		"concat",
		only(() => [u.ones([2, 3]), u.ones([2, 3])]),
		optional(whole(1, -2, 1)),
	),
	own(
		"stack",
		only(() => [u.ones([2, 3]), u.ones([2, 3])]),
		optional(whole(1, -3, 2)),
	),
	own("split", anyAxes([2, 3]), numbersOf([1, 1]), optional(whole(0, 0, 0))),
	own(
		"slice",
		anyAxes([2, 3]),
		whole(0, -2, 1),
		whole(1, 0, 2),
		whole(2, 2, 2),
	),
	own(
		"gather",
		aTensor([4, 3]),
		ids(
			() => [
				[1, 2],
				[3, 0],
			],
			4,
		),
	),
	own("where", or(aTensor([2, 3]), aTensor([])), broadcast, broadcast),
	...(
		["meanSquaredError", "meanAbsoluteError", "binaryCrossEntropy"] as const
	).map((name) =>
		own(name, aTensor([2, 3]), halves, optional(options({ mask: aMask }))),
	),
	own(
		"huber",
		aTensor([2, 3]),
		aTensor([2, 3]),
		optional(options({ mask: aMask, delta: optional(positive(1)) })),
	),
	own(
		"quantileLoss",
		aTensor([2, 1]),
		aTensor([2]),
		options({
			mask: aMask,
			quantiles: numbers(
				() => [0.5],
				(q) => q > 0 && q < 1,
				(l) => l === 1,
			),
		}),
	),
	own(
		"mixtureDensity",
		aTensor([2, 8]),
		aTensor([2, 2]),
		numbers(
			() => [1, 0],
			(n) => [-1, 0, 1].includes(n),
			(l) => l === 2,
		),
		options({
			components: whole(1, 1, 1),
			pens: optional(whole(2, 2, 2)),
			least: optional(notNegative(0.1)),
			mask: aMask,
		}),
	),
	own(
		"mixture",
		or(
			numbers(
				() => [1, 2, 3, 4, 5, 6, 7, 8],
				Number.isFinite,
				(l) => l === 8,
			),
			aTensor([8]),
		),
		options(mixtureKinds),
	),
	own(
		"sampleMixture",
		or(
			numbers(
				() => [1, 2, 3, 4, 5, 6, 7, 8],
				Number.isFinite,
				(l) => l === 8,
			),
			aTensor([8]),
		),
		options({ ...mixtureKinds, random: source }),
	),
	own(
		"ctc",
		aTensor([3, 1, 4]),
		only(() => [[1]]),
		optional(options(ctcKinds)),
	),
	own("ctcRead", aTensor([3, 1, 4]), optional(options(ctcKinds))),
	own(
		"accuracy",
		aTensor([2, 3]),
		numbers(
			() => [1, 2],
			(n) => [-1, 0, 1, 2].includes(n),
			(l) => l === 2,
		),
	),
	own("perplexity", number(1)),
	own("bits", number(1)),
	own(
		"f1",
		numbersOf([1, 2]),
		numbersOf([1, 2]),
		optional(
			options({ average: optional(or(oneOf("macro", "micro"), whole(1, 0))) }),
		),
	),
	own("editDistance", anyTokens, anyTokens),
	own("errorRate", tokenLists, tokenLists),
	own("exactMatch", tokenLists, tokenLists),
	own(
		"bleu",
		only(() => [["a"], ["b"]]),
		only(() => [["a"], ["b"]]),
		optional(options({ order: optional(size(2)) })),
	),
	own("meanAbsolute", numbersOf([1, 2]), numbersOf([1, 2])),
	own(
		"mase",
		numbersOf([1, 2]),
		numbersOf([1, 2]),
		options({
			train: numbers(
				() => [1, 2],
				Number.isFinite,
				(l) => l > 1,
			),
			season: optional(whole(1, 1, 1)),
		}),
	),
	own(
		"softmaxCrossEntropy",
		aTensor([2, 3]),
		numbers(
			() => [1, 2],
			(n) => [-1, 0, 1, 2].includes(n),
			(l) => l === 2,
		),
		optional(
			options({
				mask: aMask,
				classes: optional(
					numbers(
						() => [1, 2, 3],
						(n) => n > 0 && n < Infinity,
						(l) => l === 3,
					),
				),
				smoothing: optional(rate(0.1)),
			}),
		),
	),

	// random numbers
	own("random", whole(1, -Infinity)),
	row(
		"random().uniform",
		(a: number, b: number) => seed().uniform(a, b),
		optional(number(0, (n) => n <= 1)),
		optional(number(1, (n) => n >= 0 && n < Infinity)),
	),
	row(
		"random().normal",
		(a: number, b: number) => seed().normal(a, b),
		optional(number(0)),
		optional(notNegative(1)),
	),
	row("random().integer", (n: number) => seed().integer(n), size(5)),
	row(
		"random().choice",
		(w: number[]) => seed().choice(w),
		numbers(
			() => [1, 2],
			(n) => n >= 0 && n < Infinity,
			(l) => l > 0,
		),
	),
	row("random().shuffle", (w: number[]) => seed().shuffle(w), {
		good: () => [1, 2],
		accepts: (v) => Array.isArray(v) || v instanceof Uint8Array,
	}),
	own("constant", number(1)),
	own("normal", optional(notNegative(1))),
	own("uniform", notNegative(1)),
	own("glorotUniform"),
	own("glorotNormal"),
	own("he"),
	own("pytorch", size(2)),
	own("orthogonal", optional(number(1))),
	own("identity", optional(number(1))),
	...(["glorotUniform", "glorotNormal", "he", "orthogonal"] as const).map(
		(name) =>
			row(
				`${name}()`,
				(s: number[], r: unrolled.Random) => u[name]()(s, r),
				numbersOf([2, 3]),
				source,
			),
	),
	row(
		"identity()",
		(s: number[]) => u.identity()(s, seed()),
		numbersOf([2, 2]),
	),
	row(
		"normal()",
		(s: number[], r: unrolled.Random) => u.normal()(s, r),
		listedShape,
		source,
	),
	own(
		"weight",
		listedShape,
		fn(u.constant(1) as never),
		source,
		optional(dtype),
	),

	// cells
	...Object.entries(cellOptions).map(([name, kinds]) =>
		own(name as never, options(kinds)),
	),
	...madeCells.map(([name, make]) =>
		row(
			`${name}().step`,
			(x: never, state: never, tap: never, w: never) =>
				make().step(x, state, tap, w),
			aTensor([2, 3]),
			only(() => make().start(2)),
			optional(fn(u.pass as never)),
			optional(only(() => make().weights)),
		),
	),
	...madeCells.map(([name, make]) =>
		row(`${name}().start`, (b: number) => make().start(b), whole(2, 0)),
	),
	...madeCells.map(([name, make]) =>
		row(
			`unroll(${name}()).run`,
			(x: never, how: never) => u.unroll(make()).run(x, how),
			xs,
			run,
		),
	),
	own("pass", anything("h"), anything(1)),
	own("unroll", cell),
	own(
		"teacherForced",
		only(() => u.jordan({ ...sizes, outputs: 2, random: seed() })),
	),
	own("learntStart", cell),
	own("lastStep", optional(options({ directions: optional(oneOf(1, 2)) }))),
	own("meanOverTime"),
	own("maxOverTime"),
	own(
		"attentionOverTime",
		options({
			inputs: size(3),
			hidden: size(2),
			random: source,
			dtype: optional(dtype),
		}),
	),
	own("tied", only(embedding)),
	own("freeze", weightSet),
	own("unfreeze", weightSet),
	own(
		"scheduledSampling",
		aLayer(writer),
		only(() => [[1], [2]]),
		options({
			own: number(0.5, (n) => n >= 0 && n <= 1),
			random: source,
			state: anything(undefined),
			training: optional(flag),
		}),
	),
	own("weightDrop", cell, rate(), optional(only(() => ["U"]))),
	own(
		"gal",
		cell,
		options({
			inputs: optional(rate()),
			state: optional(rate()),
			outputs: optional(rate()),
			untied: optional(flag),
		}),
	),
	own(
		"semeniuta",
		aCell(lstm),
		rate(),
		optional(options({ per: optional(oneOf("step", "sequence")) })),
	),
	own(
		"zoneout",
		cell,
		or(
			rate(),
			only(() => ({ h: 0.5 })),
		),
	),

	// layers
	own(
		"layer",
		text("mine"),
		or(
			only(() => ({ W: u.ones([2]) })),
			options({}),
		),
		fn((x: never) => ({ outputs: x, state: undefined })),
	),
	row(
		"layer().run",
		(x: never, how: never) =>
			u
				.layer("mine", {}, (x: unrolled.Tensor) => ({
					outputs: x,
					state: undefined,
				}))
				.run(x, how),
		xs,
		run,
	),
	own(
		"withWeights",
		or(
			only(() => ({ W: u.ones([2]) })),
			options({}),
		),
		fn((x: never) => x),
	),
	own(
		"chain",
		or(aLayer(unrolledGru), fn(u.tanh as never)),
		or(aLayer(unrolledGru), fn(u.tanh as never)),
	),
	...layerRows({
		"lastStep()": () => u.lastStep(),
		"meanOverTime()": () => u.meanOverTime(),
		"maxOverTime()": () => u.maxOverTime(),
		"dense()": () => u.dense({ inputs: 3, outputs: 2, random: seed() }),
		"layerNorm()": () => u.layerNorm({ size: 3 }),
		"dropout()": () => u.dropout(0.5),
		"lockedDropout()": () => u.lockedDropout(0.5),
		"pham()": () => u.pham(0.5, unrolledGru()),
		"chain()": () => u.chain(u.layerNorm({ size: 3 }), u.tanh, unrolledGru()),
		"reversed()": () => u.reversed(unrolledGru()),
		"bidirectional()": () =>
			u.bidirectional({ forward: unrolledGru(), backward: unrolledGru() }),
		"residual()": () =>
			u.residual(u.dense({ inputs: 3, outputs: 3, random: seed() })),
		"skipStack()": () =>
			u.skipStack(
				unrolledGru(),
				u.unroll(u.gru({ inputs: 5, hidden: 2, random: seed() })),
			),
		"deepOutput()": () =>
			u.deepOutput({ inputs: 3, hidden: [2], outputs: 1, random: seed() }),
		"withWeights()": () => u.withWeights({}, (x: unrolled.Tensor) => x),
	}),
	row(
		"embedding().run",
		(x: never, how: never) => embedding().run(x, how),
		ids(
			() => [
				[1, 2],
				[3, 0],
			],
			4,
		),
		run,
	),
	row(
		"wordDropout().run",
		(x: never, how: never) => u.wordDropout(embedding(), 0.5).run(x, how),
		ids(
			() => [
				[1, 2],
				[3, 0],
			],
			4,
		),
		run,
	),
	own(
		"dense",
		options({
			inputs: size(3),
			outputs: size(2),
			random: source,
			dtype: optional(dtype),
			initial: withInitial.initial,
		}),
	),
	own(
		"deepOutput",
		options({
			inputs: size(3),
			hidden: numbers(
				() => [4],
				(n) => Number.isInteger(n) && n > 0,
			),
			outputs: size(2),
			random: source,
			dtype: optional(dtype),
			activation,
		}),
	),
	own(
		"embedding",
		options({
			tokens: size(4),
			size: size(3),
			random: source,
			dtype: optional(dtype),
			initial: optional(options({})),
		}),
	),
	own(
		"layerNorm",
		options({
			size: size(3),
			dtype: optional(dtype),
			epsilon: optional(positive(1e-5)),
		}),
	),
	own("dropout", rate()),
	own("lockedDropout", rate()),
	own("pham", rate(), or(aLayer(unrolledGru), fn(u.tanh as never))),
	own("wordDropout", aLayer(embedding), rate()),
	own("residual", aLayer(square)),
	own(
		"residualStack",
		only(() => [square(), square()]),
		optional(options({ every: optional(whole(2, 1, 2)) })),
	),
	own(
		"skipStack",
		or(aLayer(unrolledGru), fn(u.tanh as never)),
		or(aLayer(unrolledGru), fn(u.tanh as never)),
	),
	own("reversed", aLayer(unrolledGru)),
	own(
		"bidirectional",
		options({
			forward: aLayer(unrolledGru),
			backward: aLayer(unrolledGru),
			merge: optional(oneOf("concat", "sum")),
		}),
	),
	row(
		"bidirectional().directions",
		(x: never, how: never) =>
			u
				.bidirectional({ forward: unrolledGru(), backward: unrolledGru() })
				.directions(x, how),
		xs,
		run,
	),
	own(
		"monteCarlo",
		aLayer(() => u.dropout(0.5)),
		xs,
		options({
			samples: whole(2, 1),
			random: source,
			state: anything(undefined),
			lengths: runKinds.lengths,
			read: optional(fn(u.softmax as never)),
		}),
	),
	own("dotAttention"),
	own("generalAttention", options(attentionKinds)),
	own("additiveAttention", options({ ...attentionKinds, hidden: size(2) })),
	...[
		["dotAttention", attention],
		[
			"generalAttention",
			() => u.generalAttention({ queries: 3, memory: 3, random: seed() }),
		],
		[
			"additiveAttention",
			() =>
				u.additiveAttention({
					queries: 3,
					memory: 3,
					hidden: 2,
					random: seed(),
				}),
		],
	].flatMap(([name, make]) => {
		const a = make as () => unrolled.Attention;
		return [
			row(
				`${name}().over`,
				(m: never, l: never) => a().over(m, l),
				aTensor([2, 2, 3]),
				optional(
					numbers(
						() => [1, 2],
						(n) => n === 1 || n === 2,
						(l) => l === 2,
					),
				),
			),
			row(
				`${name}().over()`,
				(q: never, look: never) => a().over(u.ones([2, 2, 3]))(q, look),
				aTensor([2, 2, 3]),
				optional(fn((a: never) => a)),
			),
		];
	}),
	own(
		"attending",
		cell,
		options({
			attend: fn(attention().over(u.ones([2, 2, 2])) as never),
			inputs: size(1),
		}),
	),
	own(
		"inputFeeding",
		cell,
		options({
			attend: fn(attention().over(u.ones([2, 2, 2])) as never),
			inputs: size(1),
			outputs: size(2),
			combine: aLayer(() => u.dense({ inputs: 4, outputs: 2, random: seed() })),
		}),
	),
	own(
		"encoderDecoder",
		options({
			encoder: aLayer(() => u.chain(embedding(), unrolledGru())),
			decoder: or(
				aLayer(() => u.chain(embedding(), unrolledGru())),
				only(() => undefined),
			),
			output: aLayer(() => u.dense({ inputs: 4, outputs: 4, random: seed() })),
			attention: optional(only(attention)),
			bridge: optional(
				or(
					fn((state: never) => state),
					aLayer(unrolledGru),
				),
			),
		}),
	),

	// data
	own(
		"vocabulary",
		or(
			text("abcd"),
			only(() => ["a", "b"]),
			{
				...only(() => [["a"]]),
				accepts: (v) =>
					Array.isArray(v) &&
					Array.from(v)
						.flat(1)
						.every((t) => typeof t === "string"),
			},
		),
		optional(
			options({
				unknown: optional(token("?")),
				padding: optional(token("_")),
				start: optional(token("<")),
				end: optional(token(">")),
				least: optional(size(1)),
				most: optional(size(3)),
			}),
		),
	),
	own("words", text("a b"), optional(options({ capitals: optional(flag) }))),
	own(
		"oneHot",
		or(
			numbers(
				() => [1, 2],
				(n) => [-1, 0, 1, 2].includes(n),
			),
			{ ...number(1), accepts: (v) => [-1, 0, 1, 2].includes(v as number) },
		),
		options({ classes: size(3), dtype: optional(dtype) }),
	),
	own(
		"pad",
		{
			good: () => [[1, 2], [3]],
			accepts: (v) => Array.isArray(v) && v.length > 0 && v.every(filledList),
		},
		optional(
			options({
				fill: optional(anyNumber(0)),
				steps: optional(size(3)),
				side: optional(oneOf("left", "right")),
				truncate: optional(oneOf("left", "right")),
			}),
		),
	),
	own(
		"batches",
		{
			...items,
			accepts: (v) => items.accepts(v) || (Array.isArray(v) && v.length > 0),
		},
		options({
			batch: size(1),
			random: optional(source),
			length: optional(fn(() => 1)),
			full: optional(flag),
		}),
	),
	own(
		"partition",
		items,
		numbersOf([0.5, 0.5]),
		optional(options({ random: optional(source), by: optional(byItself) })),
	),
	own(
		"folds",
		items,
		options({
			count: whole(2, 2, 2),
			random: optional(source),
			by: optional(byItself),
		}),
	),
	own("standardise", {
		good: () => [1, 2],
		accepts: (v) => filledList(v) && !(v as unknown[]).some(Number.isNaN),
	}),
	own(
		"seriesWindows",
		items,
		options({
			past: whole(1, 1, 2),
			ahead: optional(whole(1, 1, 2)),
			stride: optional(size(1)),
		}),
	),
	row(
		"textWindows",
		async (chunks: never, how: never) => {
			for await (const _ of u.textWindows(chunks, how));
		},
		only(() => ["abcdabcdabcd"]),
		options({
			vocabulary: only(letters),
			batch: whole(2, 1, 3),
			steps: whole(2, 1, 3),
			windows: optional(size(3)),
		}),
	),
	row(
		"vocabulary().encode",
		(t: string) => letters().encode(t),
		or(
			oneOf("abcd", "abc", ""),
			only(() => ["a", "b"]),
			{
				good: () => [],
				accepts: (v) =>
					Array.isArray(v) &&
					Array.from(v).every((t) => ["a", "b", "c", "d"].includes(t)),
			},
		),
	),
	row(
		"vocabulary().decode",
		(t: number[]) => letters().decode(t),
		numbers(
			() => [0, 1],
			(n) => [0, 1, 2, 3].includes(n),
		),
	),
	own(
		"windows",
		numbers(
			() => new Int32Array(20),
			(n) => Number.isInteger(n) && n >= 0,
			(l) => l >= 7,
		),
		options({ batch: whole(2, 1, 3), steps: whole(3, 1, 3) }),
	),

	// writing
	own("sample", anyAxesOfOne([3]), options(sampleKinds)),
	own("greedy", aLayer(writer), options(tokenKinds)),
	own(
		"beamSearch",
		aLayer(writer),
		options({
			...tokenKinds,
			limit: whole(2, 1),
			width: whole(2, 1),
			alpha: optional(notNegative(1)),
		}),
	),
	own(
		"write",
		aLayer(writer),
		options({
			...sampleKinds,
			vocabulary: only(letters),
			start: oneOf("ab", "abc"),
			length: whole(3, 0),
		}),
	),

	// training
	own(
		"sgd",
		options({
			rate: aRate,
			momentum: optional(rate()),
			decay: optional(notNegative(0.1)),
		}),
	),
	own(
		"nesterov",
		options({
			rate: aRate,
			momentum: rate(),
			decay: optional(notNegative(0.1)),
		}),
	),
	own("adam", optional(options(adamKinds))),
	own(
		"adamW",
		optional(options({ ...adamKinds, decay: optional(notNegative(0.1)) })),
	),
	own(
		"rmsprop",
		optional(
			options({
				rate: optional(aRate),
				beta: optional(rate()),
				epsilon: optional(positive(1e-8)),
				decay: optional(notNegative(0.1)),
			}),
		),
	),
	own(
		"adagrad",
		optional(
			options({
				rate: optional(aRate),
				epsilon: optional(positive(1e-8)),
				decay: optional(notNegative(0.1)),
			}),
		),
	),
	own(
		"averaged",
		only(() => u.sgd({ rate: 1 })),
		optional(options({ after: optional(whole(2, 0)) })),
	),
	own(
		"stepDecay",
		options({
			rate: positive(0.1),
			every: size(2),
			factor: optional(positive(0.5)),
		}),
	),
	own(
		"cosine",
		options({
			rate: positive(0.1),
			steps: size(2),
			last: optional(notNegative(0.01)),
		}),
	),
	own("warmUp", aRate, size(3)),
	own(
		"onPlateau",
		options({
			rate: positive(0.1),
			factor: optional(number(0.5, (n) => n > 0 && n < 1)),
			patience: optional(whole(2, 0)),
			threshold: optional(notNegative(0.01)),
			least: optional(notNegative(0.01)),
		}),
	),
	own(
		"carried",
		aLayer(writer),
		optional(options({ back: optional(size(4)) })),
	),
	row("sgd().step", (w: never) => u.sgd({ rate: 1 }).step(w), only(weights)),
	own("gradientNorm", weightSet),
	own("clipNorm", weightSet, positive(1)),
	own("clipValue", weightSet, positive(1)),
	own("zeroGrad", weightSet),

	// saving
	own(
		"writeSafetensors",
		or(
			only(() => ({ w: u.ones([2]) })),
			options({}),
		),
		optional({
			good: () => ({ made: "here" }),
			accepts: (v) =>
				typeof v === "object" &&
				v !== null &&
				Object.getPrototypeOf(v) === Object.prototype &&
				Object.values(v).every((t) => typeof t === "string"),
		}),
	),
	own(
		"readSafetensors",
		only(() => u.writeSafetensors({ w: u.ones([2]) })),
	),
	own(
		"toPytorch",
		or(
			aLayer(() => u.dense({ inputs: 2, outputs: 2, random: seed() })),
			options({}),
			numbersOf([]),
			aCell(lstm),
		),
	),
	own(
		"loadPytorch",
		only(() => linear),
		only(() => u.toPytorch(linear)),
	),
	own("repeatOverTime", options({ steps: size(2) })),
	own(
		"toOnnx",
		aLayer(() => u.dense({ inputs: 2, outputs: 2, random: seed() })),
		optional(
			options({
				steps: optional(size(2)),
				batch: optional(size(2)),
				lengths: optional(flag),
			}),
		),
	),
	own(
		"checkpoint",
		options({
			weights: weightSet,
			optimiser: optional(only(() => u.adam())),
			state: optional(
				or(
					only(() => ({ random: seed() })),
					options({}),
				),
			),
			notes: {
				good: () => ({ step: 3 }),
				accepts: (v) => {
					try {
						JSON.stringify(v);
						return true;
					} catch {
						return false;
					}
				},
			},
		}),
	),
	own(
		"restoreCheckpoint",
		only(() => u.checkpoint({ weights: linear })),
		options({ weights: only(() => linear) }),
	),
	own(
		"saveFile",
		// any other text is a path too, and would be written
		{
			good: () => join(tmpdir(), "unrolled-saved.bin"),
			accepts: (v) => typeof v === "string",
		},
		or(
			only(() => new Uint8Array([1])),
			{ good: () => 0, accepts: (v) => v instanceof Uint8Array },
		),
	),
	own("loadFile", oneOf("package.json")),
	own("copyWeights", weightSet),
	own(
		"restoreWeights",
		only(weights),
		only(() => ({ w: u.zeros([2]) })),
	),
	row(
		"fit",
		async (loss: never, how: never) => u.fit(loss, how).next(),
		fn(() => u.sum(u.ones([2], { requiresGrad: true }))),
		options({
			weights: or(
				only(() => ({ w: u.ones([2], { requiresGrad: true }) })),
				...withWeights,
			),
			optimiser: only(() => ({ step: () => {} })),
			steps: optional(size(2)),
			epochs: optional(size(1)),
			data: optional({
				good: () => [1, 2],
				accepts: (v) =>
					(Array.isArray(v) || v instanceof Uint8Array) && v.length > 0,
			}),
			clip: optional(
				or(
					positive(1),
					fn(() => 0),
				),
			),
			tokens: optional(
				or(
					positive(1),
					fn(() => 1),
				),
			),
			validation: optional(
				options({
					loss: fn(() => 1),
					every: size(1),
					patience: optional(size(1)),
				}),
			),
		}),
	),
	(() => {
		const w = u.ones([2], { dtype: "float64", requiresGrad: true });
		return own(
			"checkGradients",
			fn(() => u.sum(u.square(w))),
			or(
				only(() => ({ w })),
				options({}),
				numbersOf([]),
			),
		);
	})(),

	// looking
	own("summary", or(aLayer(unrolledGru), aCell(gru))),
	own(
		"graph",
		anyTensor([]),
		optional(
			or(
				only(() => ({ x: u.ones([2]) })),
				options({}),
			),
		),
		optional(
			options({ values: optional(flag), gradients: optional(oneOf(false)) }),
		),
	),
	own("cellGraph", cell, aTensor([2, 3]), optional(only(() => gru().start(2)))),
	own(
		"networkGraph",
		aLayer(writer),
		ids(() => [[1], [2]], 4),
	),

	// trees
	own("recursive", options(placesKinds)),
	own("naryLstm", options(placesKinds)),
	own("childSumLstm", options(withInitial)),
	own(
		"fold",
		only(() => u.recursive({ ...sizes, random: seed() })),
	),
	row(
		"fold().run",
		(forest: never, how: never) =>
			u.fold(u.recursive({ ...sizes, random: seed() })).run(forest, how),
		options({
			trees: trees,
			inputs: aTensor([2, 3]),
		}),
		optional(options({ inspect: optional(flag) })),
	),
	own("schedule", trees),

	// exercises
	own(
		"check",
		text("An exercise"),
		fn(() => undefined),
	),
	own("finding", text("It holds."), oneOf(true)),
	own(
		"part",
		number(0.5, (v) => v > 0 && v < 1),
		text("Half."),
	),
	own(
		"hidden",
		text("half"),
		fn(() => 1),
		fn(() => 1),
		kind(
			() => [[2]],
			(v) => Array.isArray(v) && v.every(Array.isArray),
		),
	),

	// data sets
	own("adding", options({ steps: whole(4, 2), batch: whole(2, 1), ...random })),
	own(
		"copying",
		options({
			delay: whole(4, 1),
			batch: whole(2, 1),
			items: optional(whole(2, 1)),
			symbols: optional(whole(3, 2)),
			...random,
		}),
	),
	own(
		"births",
		optional(
			options({
				from: optional(whole(1970, 1969, 1988)),
				to: optional(whole(1980, 1969, 1988)),
			}),
		),
	),
	own(
		"carbonDioxide",
		optional(
			options({
				from: optional(whole(1970, 1958, 2020)),
				to: optional(whole(1980, 1958, 2020)),
			}),
		),
	),
	own("afinn"),
	own("opinions", optional(options(fewOf))),
	own(
		"compilerMessages",
		optional(
			options({
				...fewOf,
				most: optional(whole(5, 2)),
				longest: optional(size(4)),
			}),
		),
	),
	own(
		"pronunciations",
		optional(
			options({
				...fewOf,
				most: optional(whole(5, 2)),
				shortest: optional(whole(3, 1, 8)),
				longest: optional(whole(8, 3)),
				stress: optional(flag),
			}),
		),
	),
	own("digits", optional(options(fewOf))),
	own(
		"scenes",
		options({
			digits: only(() => [oneDigit]),
			count: size(2),
			least: optional(whole(1, 1, 2)),
			most: optional(whole(2, 1, 3)),
			...random,
		}),
	),
	own(
		"handwriting",
		options({
			characters: optional(or(oneOf("abc", "3"))),
			count: size(2),
			font: optional(oneOf("futural", "scripts")),
			spacing: optional(positive(3)),
			...random,
		}),
	),
	...(["dates", "numberWords", "englishSpanish"] as const).map((name) =>
		own(
			name,
			options({
				train: whole(3, 1, 1000),
				validation: whole(2, 1, 1000),
				...random,
			}),
		),
	),
	...(["inEnglish", "inSpanish"] as const).map((name) =>
		own(name, whole(305, 0, 999_999)),
	),
	own(
		"track",
		options({
			steps: whole(20, 20),
			delay: optional(whole(12, 6, 40)),
			...random,
		}),
	),
	own("view", only(road), whole(3, 0, 29), whole(4, 0, 8)),
	own("expertAction", only(road), whole(3, 0, 29), whole(4, 0, 8)),
	own(
		"drive",
		only(road),
		fn(() => 1),
		optional(options({ steps: optional(whole(5, 1, 20)) })),
	),
	own(
		"recordings",
		options({
			tracks: whole(1, 1),
			steps: whole(20, 20),
			delay: optional(whole(12, 6, 40)),
			slips: optional(rate(0.1)),
			...random,
		}),
	),
	own("readText", oneOf("package.json")),
	own(
		"readTable",
		oneOf(kept.table),
		only(() => ({ a: "number" })),
		optional(
			options({
				separator: optional({
					good: () => ",",
					accepts: (v) => typeof v === "string" && v.length === 1,
				}),
			}),
		),
	),
	own(
		"download",
		oneOf("http://127.0.0.1:9/x.bin"),
		options({
			sha256: oneOf(kept.sha256),
			folder: oneOf(kept.folder),
			progress: optional(fn(() => 0)),
			patience: optional(whole(1000, 1)),
			retries: optional(whole(0, 0)),
		}),
	),
	own("anbn", options({ most: whole(4, 1), count: whole(2, 1), ...random })),
	own("anbnNext", oneOf("aab", "a", "")),
	own("xorInTime", options({ triples: whole(4, 1), ...random })),
	own(
		"columnAddition",
		options({ digits: whole(3, 1), batch: whole(2, 1), ...random }),
	),
	own(
		"sums",
		options({ digits: whole(3, 1, 15), count: whole(2, 1), ...random }),
	),
	own(
		"brown",
		optional(
			options({ most: optional(whole(5, 1)), random: optional(source) }),
		),
	),
	own("parity", options({ steps: whole(4, 1), batch: whole(2, 1), ...random })),
	own(
		"temporalOrder",
		options({
			steps: whole(20, 10),
			batch: whole(2, 1),
			marks: optional(oneOf(2, 3)),
			...random,
		}),
	),
	own("elmanLetters", options({ consonants: whole(4, 1), ...random })),
	own("elmanSentences", options({ sentences: whole(4, 1), ...random })),
	own(
		"elmanNext",
		or(
			only(() => ["man"]),
			numbersOf([]),
		),
	),
	own("logicTree", options({ depth: whole(2, 0), ...random })),
	own(
		"formula",
		only(() => datasets.logicTree({ depth: 1, random: seed() })),
	),
	own("reber", source),
	own("embeddedReber", source),
	own("reberNext", oneOf("BT", "")),
	own("embeddedReberNext", oneOf("BT", "")),
	own("mobyDick", optional(options({ capitals: optional(flag) }))),
	own(
		"surnames",
		optional(
			options({
				languages: optional(only(() => ["Czech"])),
				most: optional(number(5, (n) => n >= 2)),
				ascii: optional(flag),
				random: optional(source),
			}),
		),
	),
];

/** Exports without a row: they take nothing, or give an answer about whatever they are given. */
export const without: readonly string[] = [
	"Tensor",
	"near",
	"notAnswered",
	"useWasm",
];

function numbersOf(list: number[]): Kind {
	return numbers(
		() => list,
		(n) => list.includes(n),
		(length) => length === list.length,
	);
}
function operandOf(): Kind {
	return or(aTensor([2, 3]), aTensor([]), anyNumber(2));
}
function anyAxes(shape: number[]): Kind {
	return {
		...aTensor(shape),
		accepts: (v) => v instanceof u.Tensor && v.shape.length > 0,
	};
}
function anyAxesOfOne(shape: number[]): Kind {
	return {
		...aTensor(shape),
		accepts: (v) => v instanceof u.Tensor && v.shape.length > 0,
	};
}
function layerRows(layers: Record<string, () => unrolled.Layer>): Row[] {
	return Object.entries(layers).map(([name, make]) =>
		row(`${name}.run`, (x: never, how: never) => make().run(x, how), xs, run),
	);
}
