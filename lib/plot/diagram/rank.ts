/** What decides the row of a node: cells of one part are one cell at several steps. */
interface Node {
	readonly id: number;
	readonly kind: string;
	readonly part: number;
	readonly step: number;
}
type Edges = readonly { from: number; to: number }[];

/**
 * The row of each node: above all that it reads. Cells that hand a state to one another share a row, and no two such rows are the same
 * where they would cross.
 */
export function ranked(
	nodes: readonly Node[],
	up: Edges,
	across: Edges,
): Map<number, number> {
	const least = new Map<number, number>();
	const rank = new Map<number, number>();
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const cells = new Map<number, Node[]>();
	for (const node of nodes)
		if (node.kind === "cell")
			cells.set(node.part, [...(cells.get(node.part) ?? []), node]);
	for (let [changed, turns] = [true, 0]; changed && turns < 100; turns++) {
		changed = false;
		rank.clear();
		for (const { id } of nodes) rise(id);
		for (const row of cells.values()) {
			const top = Math.max(...row.map(({ id }) => rank.get(id) ?? 0));
			for (const { id } of row)
				if ((rank.get(id) ?? 0) < top) {
					least.set(id, top);
					changed = true;
				}
		}
		if (changed) continue;
		const rows = [...cells.values()];
		for (const [i, row] of rows.entries())
			for (const other of rows.slice(i + 1)) {
				const same = rank.get(row[0].id) === rank.get(other[0].id);
				const meet = other.some(({ step }) =>
					row.some((node) => node.step === step),
				);
				if (!same || !meet || changed) continue;
				for (const { id } of other) least.set(id, (rank.get(id) ?? 0) + 1);
				changed = true;
			}
	}
	const outputs = nodes.filter(({ kind }) => kind === "output");
	const top = Math.max(...rank.values());
	for (const { id } of outputs) rank.set(id, top);
	for (const { from, to } of across)
		if (byId.get(from)?.kind === "start") rank.set(from, rank.get(to) ?? 0);
	return rank;

	function rise(id: number): number {
		const known = rank.get(id);
		if (known !== undefined) return known;
		rank.set(id, 0);
		const below = up
			.filter(({ to }) => to === id)
			.map(({ from }) => rise(from) + 1);
		const own = Math.max(least.get(id) ?? 0, 0, ...below);
		rank.set(id, own);
		return own;
	}
}
