import type * as unrolled from "unrolled";
import {
	aCell,
	aLayer,
	anything,
	aTensor,
	dtype,
	flag,
	fn,
	type Kind,
	number,
	oneOf,
	only,
	optional,
	options,
	or,
	rate,
	size,
	source,
	whole,
} from "../kinds.ts";
import {
	activation,
	cell,
	embedding,
	lstm,
	modules,
	own,
	type Row,
	row,
	run,
	seed,
	sizes,
	u,
	weightSet,
	withInitial,
	writer,
	xs,
} from "./shared.ts";

const elmanKinds = {
	...withInitial,
	activation,
	context: optional(number(0.5)),
};

const { activation: _, context: __, ...irnnKinds } = elmanKinds;

const depth = size(2);

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
const madeCells: [string, () => unrolled.Cell][] = Object.entries(
	cellOptions,
).map(([name, kinds]) => [
	name,
	() =>
		(modules as never as Record<string, (o: unknown) => unrolled.Cell>)[name](
			options(kinds).good(),
		),
]);

/** Cells and what is made of them. */
export const rows: Row[] = [
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
];
