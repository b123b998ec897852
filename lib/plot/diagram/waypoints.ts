import type { Joined, Layout, Sized } from "./layout.ts";

interface Placed extends Sized {
	column?: number;
}

/**
 * Where boxes have rows and columns, a line that passes rows gets a point in each of them, which keeps to its column as boxes do.
 * `restored` takes these points out of a layout again.
 */
export function waypoints(
	boxes: readonly Placed[],
	links: readonly Joined[],
): {
	boxes: readonly Placed[];
	joined: readonly Joined[];
	restored: (layout: Layout) => Layout;
} {
	const byId = new Map(boxes.map((box) => [box.id, box]));
	const points: Placed[] = [];
	const joined: Joined[] = [];
	/** Of each link its pieces in `joined`. */
	const pieces = links.map((link) => {
		const [a, b] = [byId.get(link.from), byId.get(link.to)];
		const [low, high] = [a?.rank ?? 0, b?.rank ?? 0];
		const own: number[] = [];
		let from = link.from;
		const add = (to: string) => {
			own.push(joined.length);
			const { weight, label } = link;
			joined.push({
				from,
				to,
				weight,
				label: own.length > 1 ? undefined : label,
			});
			from = to;
		};
		for (let rank = low + 1; rank < high; rank++) {
			const id = `way ${joined.length}`;
			points.push({ id, width: 2, height: 2, rank, column: a?.column });
			add(id);
		}
		add(link.to);
		return own;
	});
	const column = (box: Placed) => box.column ?? 0;
	return {
		boxes:
			points.length === 0
				? boxes
				: [...boxes, ...points].sort((a, b) => column(a) - column(b)),
		joined,
		restored: (layout) => ({
			...layout,
			links: pieces.map((own) => ({
				label: layout.links[own[0]].label,
				points: straight(own.flatMap((i) => layout.links[i].points)),
			})),
		}),
	};
}

/** Without the points at which a line does not turn. */
function straight(points: Layout["links"][number]["points"]) {
	const near = (a: number, b: number) => Math.abs(a - b) < 1.5;
	return points.filter(([x, y], i) => {
		const [before, after] = [points[i - 1], points[i + 1]];
		if (!before || !after) return true;
		const upright = near(before[0], x) && near(x, after[0]);
		const level = near(before[1], y) && near(y, after[1]);
		return !(upright || level);
	});
}
