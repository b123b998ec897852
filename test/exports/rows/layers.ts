import type * as unrolled from "unrolled";
import {
	aLayer,
	anything,
	aTensor,
	dtype,
	fn,
	ids,
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
} from "../kinds.ts";
import {
	activation,
	cell,
	embedding,
	own,
	type Row,
	row,
	run,
	runKinds,
	seed,
	u,
	unrolledGru,
	withInitial,
	xs,
} from "./shared.ts";

const square = () => u.unroll(u.gru({ inputs: 2, hidden: 2, random: seed() }));

const attention = () => u.dotAttention();

const attentionKinds = {
	queries: size(2),
	memory: size(2),
	random: source,
	dtype: optional(dtype),
	initial: optional(options({})),
};

function layerRows(layers: Record<string, () => unrolled.Layer>): Row[] {
	return Object.entries(layers).map(([name, make]) =>
		row(`${name}.run`, (x: never, how: never) => make().run(x, how), xs, run),
	);
}

/** Layers. */
export const rows: Row[] = [
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
];
