import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	aCell,
	aLayer,
	flag,
	fn,
	type Kind,
	notNegative,
	number,
	oneOf,
	only,
	optional,
	options,
	or,
	positive,
	rate,
	size,
	whole,
} from "../kinds.ts";
import {
	lstm,
	numbersOf,
	own,
	type Row,
	row,
	seed,
	u,
	weightSet,
	weights,
	withWeights,
	writer,
} from "./shared.ts";

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

const linear = u.dense({ inputs: 2, outputs: 2, random: seed() });

/** Training, and saving what was trained. */
export const rows: Row[] = [
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
];
