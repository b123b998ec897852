import { expectOptions, type Rules } from "../expect/expect.ts";
import { expectList, isList } from "../expect/lists.ts";
import { callable, optional, share, source, whole } from "../expect/rules.ts";
import { described } from "../expect/words.ts";
import type { Random } from "../random.ts";

export interface PartitionOptions<Item> {
	/** What draws the items. Default: none, and the parts follow one another in the order of the items, as a series in time needs it. */
	random?: Random;
	/** Keeps together all items for which it gives the same value: one author's sentences, one speaker's words. */
	by?: (item: Item) => unknown;
}

const rules: Rules<PartitionOptions<never>> = {
	random: optional(source),
	by: optional(callable),
};

/**
 * Divides items into parts that do not overlap, of which each has its share.
 *
 * ```ts
 * const [train, validation, test] = partition(days, [0.8, 0.1, 0.1]);                              // in time order
 * const [learnt, held] = partition(sentences, [0.9, 0.1], { random: random(1) });                  // at random
 * const [mine, others] = partition(sentences, [0.9, 0.1], { random: random(1), by: (s) => s.author });
 * ```
 *
 * The counts are rounded so that no item is left over. With `by`, groups stay whole, and the shares hold as nearly as they let them.
 * @throws when the shares do not sum to 1, or a part would be empty.
 */
export function partition<Item>(
	items: readonly Item[],
	shares: readonly number[],
	options: PartitionOptions<Item> = {},
): Item[][] {
	const { random, by } = expectOptions<PartitionOptions<Item>>(
		"partition",
		options,
		rules,
	);
	expectItems("partition", items);
	const parts = expectList("partition", "shares", shares, share);
	const total = parts.reduce((a, b) => a + b, 0);
	if (Math.abs(total - 1) > 1e-9)
		throw new Error(
			`partition: shares must sum to 1, got [${parts.join(", ")}], which sum to ${total}`,
		);
	const groups = grouped(items, by, random);
	const made: Item[][] = parts.map(() => []);
	let part = 0;
	let taken = 0;
	let until = parts[0] * items.length;
	for (const group of groups) {
		// a group belongs to the part in which its middle lies
		while (part < parts.length - 1 && taken + group.length / 2 > until + 1e-9)
			until += parts[++part] * items.length;
		for (const item of group) made[part].push(item);
		taken += group.length;
	}
	const empty = made.findIndex((items) => items.length === 0);
	if (empty >= 0)
		throw new Error(
			`partition: part ${empty} of share ${parts[empty]} would be empty: there ${groups.length === 1 ? "is 1 item or group" : `are ${groups.length} items or groups`}`,
		);
	return made;
}

const foldRules: Rules<PartitionOptions<never> & { count: number }> = {
	...rules,
	count: whole(2),
};

/**
 * Divides items into `count` parts, of which each is held out once: cross-validation. Options as for `partition`.
 * @throws when there are fewer items, or groups, than parts.
 */
export function folds<Item>(
	items: readonly Item[],
	options: PartitionOptions<Item> & {
		/** How many parts: 2 or more. */
		count: number;
	},
): { train: Item[]; validation: Item[] }[] {
	const { count, random, by } = expectOptions<
		PartitionOptions<Item> & { count: number }
	>("folds", options, foldRules);
	expectItems("folds", items);
	const groups = grouped(items, by, random);
	if (groups.length < count)
		throw new Error(
			`folds: ${count} parts need at least ${count} items or groups, got ${groups.length}`,
		);
	// the next group goes to the part that is furthest behind
	const parts: Item[][] = Array.from({ length: count }, () => []);
	for (const group of groups) {
		const sizes = parts.map((part) => part.length);
		parts[sizes.indexOf(Math.min(...sizes))].push(...group);
	}
	return parts.map((validation, i) => ({
		train: parts.filter((_, j) => j !== i).flat(),
		validation: validation.slice(),
	}));
}

function expectItems(place: string, items: unknown): void {
	if (!isList(items) || items.length === 0)
		throw new Error(
			`${place}: items must be a list of at least one, got ${described(items)}`,
		);
}

/** Items in groups that stay together, mixed if there is a source of random numbers. */
function grouped<Item>(
	items: readonly Item[],
	by: ((item: Item) => unknown) | undefined,
	random: Random | undefined,
): Item[][] {
	const groups = new Map<unknown, Item[]>();
	Array.from(items).forEach((item, i) => {
		const key = by ? by(item) : i;
		const group = groups.get(key);
		if (group) group.push(item);
		else groups.set(key, [item]);
	});
	const listed = [...groups.values()];
	return random ? random.shuffle(listed) : listed;
}
