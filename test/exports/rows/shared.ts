import * as datasets from "@unrolled/datasets";
import * as unrolled from "unrolled";
import * as exercise from "unrolled/exercise";
import {
	aCell,
	aLayer,
	anything,
	aTensor,
	dtype,
	flag,
	type Kind,
	numbers,
	oneOf,
	only,
	optional,
	options,
	or,
	size,
	source,
} from "../kinds.ts";

export const modules = { ...unrolled, ...exercise, ...datasets };

/** A function, by the name a test shows, and what it may be given. */
export interface Row {
	name: string;
	call: (...given: never[]) => unknown;
	kinds: readonly Kind[];
}

export const row = (
	name: string,
	call: (...given: never[]) => unknown,
	...kinds: Kind[]
): Row => ({ name, call, kinds });

/** An exported function under its own name. */
export const own = (name: keyof typeof modules, ...kinds: Kind[]) =>
	row(name, modules[name] as never, ...kinds);

export const u = unrolled;

export const sizes = { inputs: 3, hidden: 2 } as const;

export const seed = () => u.random(1);

export const gru = () => u.gru({ ...sizes, random: seed() });

export const lstm = () => u.lstm({ ...sizes, random: seed() });

export const unrolledGru = () => u.unroll(gru());

export const embedding = () =>
	u.embedding({ tokens: 4, size: 3, random: seed() });

export const writer = () =>
	u.chain(
		embedding(),
		u.unroll(gru()),
		u.dense({ inputs: 2, outputs: 4, random: seed() }),
	);

export const weights = () => {
	const w = u.ones([2], { requiresGrad: true });
	w.grad = u.ones([2]);
	return { w };
};

export const initial = optional(
	only(() => ({ b: u.constant(0.5) })), // {} is right too
);

export const cellKinds = {
	inputs: size(3),
	hidden: size(2),
	random: source,
	dtype: optional(dtype),
};

export const withInitial = {
	...cellKinds,
	initial: or(initial, options({})),
};

export const activation = optional(oneOf("tanh", "sigmoid", "relu"));

export const runKinds = {
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

export const run = optional(options({ ...runKinds, random: optional(source) }));

export const xs = aTensor([2, 2, 3]);

export const shape = numbers(
	() => [2, 3],
	(n) => Number.isInteger(n) && n >= 0,
);

export const withWeights = [aLayer(unrolledGru), aCell(gru)];

export const weightSet = or(
	only(weights),
	options({}),
	numbersOf([]),
	...withWeights,
);

export const cellArgument = aCell(gru);

export const wrapped = (v: unknown) =>
	cellArgument.accepts(v) && !("places" in (v as object));

export const cell: Kind = { ...cellArgument, accepts: wrapped };

export function numbersOf(list: number[]): Kind {
	return numbers(
		() => list,
		(n) => list.includes(n),
		(length) => length === list.length,
	);
}

/** A tensor of this shape where one is good; accepts those with other axes, but for a single number. */
export function anyAxes(shape: number[]): Kind {
	return {
		...aTensor(shape),
		accepts: (v) => v instanceof u.Tensor && v.shape.length > 0,
	};
}
