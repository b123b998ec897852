import {
	aCell,
	aLayer,
	anyTensor,
	aTensor,
	flag,
	fn,
	ids,
	type Kind,
	kind,
	number,
	oneOf,
	only,
	optional,
	options,
	or,
	size,
	text,
} from "../kinds.ts";
import {
	cell,
	gru,
	own,
	type Row,
	row,
	seed,
	sizes,
	u,
	unrolledGru,
	withInitial,
	writer,
} from "./shared.ts";

const placesKinds = { ...withInitial, places: optional(size(2)) };

const tree = { label: 1, children: [{ label: 0 }, null] };

/** Any objects are nodes, their labels and children are what counts. */
const trees: Kind = {
	good: () => [tree],
	accepts: (v) =>
		Array.isArray(v) &&
		v.every((n) => typeof n === "object" && n !== null && !Array.isArray(n)),
};

/** Looking into networks, trees, exercises. */
export const rows: Row[] = [
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
];
