import { expectOptions, type Rules } from "../expect/expect.ts";
import { isList } from "../expect/lists.ts";
import { oneOf, optional, size } from "../expect/rules.ts";
import { described } from "../expect/words.ts";

/** Sequences of unequal length as one table, time first. */
export interface Padded<Step> {
	/** [T, B] for sequences of numbers, [T, B, D] for sequences of vectors. */
	values: Step[][];
	/**
	 * [B]: how many steps a network has to read of each sequence, for the option `lengths` of a run. Filled up on the left, every sequence
	 * ends at T, so each is T.
	 */
	lengths: number[];
	/** [T, B]: 1 where a step is of the sequence, 0 where it was filled in. */
	mask: number[][];
}

export interface PadOptions {
	/** The number that fills up; default 0. For targets, −1 is left out of the loss. */
	fill?: number;
	/** T, the steps of the table: longer sequences are truncated. Default: the length of the longest. */
	steps?: number;
	/** Where to fill up: `"right"`, after the end (default), or `"left"`, before the start. */
	side?: "right" | "left";
	/** Where to cut sequences longer than `steps`: `"right"` keeps their start (default), `"left"` their end. */
	truncate?: "right" | "left";
}

const aSide = oneOf("right", "left");
const rules: Rules<PadOptions> = {
	fill: optional({
		wanted: "a number",
		fits: (value) => typeof value === "number",
	}),
	steps: optional(size),
	side: optional(aSide),
	truncate: optional(aSide),
};

/**
 * Puts sequences of unequal length side by side, filled up to one length, time first.
 *
 * ```ts
 * const { values, lengths } = pad(names.map((name) => letters.encode(name)));        // PyTorch's way: as long as the longest
 * model.run(values, { lengths });
 * const table = pad(ids, { steps: 10, side: "left", truncate: "left" }).values;      // Keras's way: ten steps, all end together
 * const targets = pad(tags, { fill: -1 }).values;                                    // the loss looks away from −1
 * ```
 *
 * A sequence is a list of numbers (ids), or of vectors of one size: `tensor(pad(rows).values)` is [T, B, D].
 * @throws when there is no sequence, one is empty, a number is missing, or vectors differ in size: which sequence, and which step.
 */
export function pad(
	sequences: readonly ArrayLike<number>[],
	options?: PadOptions,
): Padded<number>;
export function pad(
	sequences: readonly (readonly ArrayLike<number>[])[],
	options?: PadOptions,
): Padded<number[]>;
export function pad(
	sequences: readonly ArrayLike<unknown>[],
	options: PadOptions = {},
): Padded<unknown> {
	const {
		fill = 0,
		side = "right",
		truncate = "right",
		steps,
	} = expectOptions("pad", options, rules);
	const rows = read(sequences);
	const longest = rows.reduce((most, row) => Math.max(most, row.length), 0);
	const T = steps ?? longest;
	const [first] = rows[0];
	const nothing = () =>
		Array.isArray(first) ? new Array<number>(first.length).fill(fill) : fill;
	const placed = rows.map((row) => {
		const kept =
			truncate === "left" && row.length > T
				? row.slice(row.length - T)
				: row.slice(0, T);
		return { kept, from: side === "left" ? T - kept.length : 0 };
	});
	const table = <V>(at: (kept: unknown[], t: number) => V): V[][] =>
		Array.from({ length: T }, (_, t) =>
			placed.map(({ kept, from }) => at(kept, t - from)),
		);
	return {
		values: table((kept, t) => (t in kept ? kept[t] : nothing())),
		lengths: placed.map(({ kept }) => (side === "left" ? T : kept.length)),
		mask: table((kept, t) => (t in kept ? 1 : 0)),
	};
}

/** A copy of each sequence, its steps all numbers or all vectors of one size. */
function read(sequences: readonly ArrayLike<unknown>[]): unknown[][] {
	if (!Array.isArray(sequences) || sequences.length === 0)
		throw new Error(
			`pad: sequences must be a list of at least one, got ${described(sequences)}`,
		);
	let size: number | undefined;
	return Array.from(sequences, (sequence, i) => {
		const wrong = (what: string) =>
			new Error(`pad: sequence ${i} of ${sequences.length} ${what}`);
		if (!isList(sequence))
			throw wrong(
				`must be a list, got ${described(sequence)}${typeof sequence === "string" ? "; a vocabulary's encode makes ids of a text" : ""}`,
			);
		if (sequence.length === 0)
			throw wrong("is empty: leave it out, or give it a step to read");
		return Array.from(sequence, (step, t) => {
			const vector = isList(step) ? Array.from(step) : undefined;
			size ??= vector ? vector.length : -1;
			if ((vector ? vector.length : -1) !== size)
				throw wrong(
					`must be ${size < 0 ? "numbers" : `vectors of ${size}`} like the first, got ${described(step)} at step ${t}`,
				);
			for (const value of vector ?? [step])
				if (typeof value !== "number" || Number.isNaN(value))
					throw wrong(
						`has no number at step ${t}: got ${described(value)}; fill in what is missing, or leave the sequence out`,
					);
			return vector ?? step;
		});
	});
}
