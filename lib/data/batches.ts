import { expectOptions, type Rules } from "../expect/expect.ts";
import { isList } from "../expect/lists.ts";
import {
	callable,
	flag,
	optional,
	size as sizeRule,
	source,
	whole,
} from "../expect/rules.ts";
import { described } from "../expect/words.ts";
import type { Random, RandomState } from "../random.ts";

export interface BatchesOptions<Item> {
	/** How many items a batch has. */
	batch: number;
	/** What mixes the items, anew in each round. Default: none, and they come in their order. */
	random?: Random;
	/** The length of an item: items of like length come into one batch, which is then only as wide as its longest. */
	length?: (item: Item) => number;
	/** Whether to leave out the last batch of a round where it is not full. Default: no. */
	full?: boolean;
}

/** Batches of items. A loop over them is one round, each item once; `next` goes on and on, round after round. */
export interface Batches<Item> extends Iterable<Item[]> {
	/** How many there are in a round. */
	readonly count: number;
	/** The next batch; after the last of a round comes the first of another. */
	next(): { value: Item[]; done: false };
	/** Where `next` is, to save: what is left of this round, by the items' indices, and the source that mixes the next ones. */
	state(): BatchesState;
	/** @throws when it is no state of batches of as many items. */
	restore(state: BatchesState): void;
}

/** Where batches are in their data, to go on from there: what a checkpoint keeps. */
export interface BatchesState {
	/** The batches of this round, by the items' indices. */
	round: readonly (readonly number[])[];
	/** Which of them comes next. */
	at: number;
	random: RandomState | null;
}

const rules: Rules<BatchesOptions<never>> = {
	batch: sizeRule,
	random: optional(source),
	length: optional(callable),
	full: optional(flag),
};

/** Items that are sorted by length at a time, in batches: enough to be of like length, few enough to come in another order each round. */
const SORTED = 50;

/**
 * Cuts items into batches, mixed anew in each round.
 *
 * ```ts
 * const rounds = batches(names, { batch: 64, random: random(1), length: (name) => name.length });
 * for (const batch of rounds) …                     // one round: an epoch
 * const batch = rounds.next().value;                // without end
 * const { values, lengths } = pad(batch.map((name) => letters.encode(name)));
 * ```
 *
 * @throws when there is no item, or no full batch where only full ones are wanted.
 */
export function batches<Item>(
	items: readonly Item[],
	options: BatchesOptions<Item>,
): Batches<Item> {
	const {
		batch,
		random,
		length,
		full = false,
	} = expectOptions<BatchesOptions<Item>>("batches", options, rules);
	if (!isList(items) || items.length === 0)
		throw new Error(
			`batches: items must be a list of at least one, got ${described(items)}`,
		);
	const all = Array.from(items);
	const count = full
		? Math.floor(all.length / batch)
		: Math.ceil(all.length / batch);
	if (count === 0)
		throw new Error(
			`batches: a full batch of ${batch} needs at least ${batch} items, got ${all.length}`,
		);
	const lengths = length && all.map(length);
	const wrong = lengths?.findIndex((n) => !(Number.isFinite(n) && n >= 0));
	if (lengths && wrong !== undefined && wrong >= 0)
		throw new Error(
			`batches: the length of item ${wrong} must be a number of at least 0, got ${described(lengths[wrong])}`,
		);

	const round = () => roundOf(all.length, lengths, { batch, random, full });
	const read = (indices: readonly number[]) => indices.map((i) => all[i]);

	let current: number[][] = [];
	let at = 0;
	// No generators: one whose turn was terminated can never be asked again.
	return {
		count,
		next() {
			if (at === current.length) [current, at] = [round(), 0];
			return { value: read(current[at++]), done: false };
		},
		state: () => ({
			round: current.map((indices) => indices.slice()),
			at,
			random: random?.state?.() ?? null,
		}),
		restore(state) {
			const known = all.length;
			const inside = whole(0, known - 1);
			const rounds = state?.round;
			if (
				!Array.isArray(rounds) ||
				!rounds.every(
					(list) => Array.isArray(list) && list.every(inside.fits),
				) ||
				!whole(0, rounds.length).fits(state.at) ||
				(random !== undefined) !== (state.random !== null)
			)
				throw new Error(
					`batches: restore: the state must be what state() of batches over ${known} items gave${random ? ", in random order" : ""}`,
				);
			if (state.random) random?.restore(state.random);
			current = rounds.map((indices) => indices.slice());
			at = state.at;
		},
		[Symbol.iterator]() {
			const own = round();
			let i = 0;
			return {
				next: () =>
					i < own.length
						? { value: read(own[i++]), done: false }
						: { value: undefined, done: true },
			};
		},
	};
}

/** The indices of one round, batch by batch. */
function roundOf(
	items: number,
	lengths: readonly number[] | undefined,
	{ batch, random, full }: { batch: number; random?: Random; full: boolean },
): number[][] {
	const indices = Array.from({ length: items }, (_, i) => i);
	let order = random ? random.shuffle(indices) : indices;
	if (lengths) {
		const pool = random ? batch * SORTED : items;
		order = cutInto(order, pool).flatMap((some) =>
			some.sort((a, b) => lengths[a] - lengths[b] || a - b),
		);
	}
	const cut = cutInto(order, batch).filter(
		(some) => !full || some.length === batch,
	);
	return lengths && random ? random.shuffle(cut) : cut;
}

/** Pieces of a list, each of `size` items but the last, which may have fewer. */
function cutInto<Item>(list: readonly Item[], size: number): Item[][] {
	return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
		list.slice(i * size, (i + 1) * size),
	);
}
