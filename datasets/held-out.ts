/** A fifth of the items, and one at least, to validate on, and the rest to train on. */
export function heldOut<Item>(items: readonly Item[]): {
	train: Item[];
	validation: Item[];
} {
	const held = Math.max(1, Math.floor(items.length / 5));
	return { train: items.slice(held), validation: items.slice(0, held) };
}
