/** A fifth of the items, and one at least, to validate on, and the rest to train on. @throws when there are not two, one for each. */
export function heldOut<Item>(
	place: string,
	items: readonly Item[],
): {
	train: Item[];
	validation: Item[];
} {
	if (items.length < 2)
		throw new Error(
			`${place}: wanted at least 2 items, one to train on and one to validate on, got ${items.length}`,
		);
	const held = Math.max(1, Math.floor(items.length / 5));
	return { train: items.slice(held), validation: items.slice(0, held) };
}
