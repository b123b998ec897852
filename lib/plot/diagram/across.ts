import type { Point } from "./layout.ts";

/** Where a box lies. */
export interface Place {
	left: number;
	right: number;
	top: number;
	bottom: number;
}

/** Pixels that a line keeps from boxes, and from line to line. */
const room = 6;
/** What an arrow's head and the corner before it take. */
const head = 14;

/**
 * The corners of a line from one box to another that lies beside it: out of its side, or of its top or bottom, with at most two
 * turns. Of all such ways it takes one that passes behind no box and lies on no other line, if there is one, and of these a short one
 * with few crossings.
 */
export function across(
	a: Place,
	b: Place,
	others: readonly Place[],
	lines: readonly (readonly Point[])[],
): Point[] {
	const middle = ({ top, bottom }: Place) => (top + bottom) / 2;
	const [ya, yb] = [middle(a), middle(b)];
	const right = a.left < b.left;
	const [from, to] = right ? [a.right, b.left] : [a.left, b.right];
	const straight: Point[] = [
		[from, ya],
		[to, ya],
	];
	if (Math.abs(ya - yb) < 2) return straight;

	const up = yb < ya;
	const quarter = ((up ? -1 : 1) * (a.bottom - a.top)) / 4;
	const ways: { points: Point[]; cost: number }[] = [];
	const offer = (cost: number, ...points: Point[]) =>
		ways.push({ points, cost: cost + price(points, others, lines) });
	const onward = (x: number) => (right ? x > from + room : x < from - room);
	const before = (x: number) => (right ? x <= to - head : x >= to + head);
	// out of the half that is nearer first: out of the middle comes the line to the neighbour
	for (const [i, y] of [ya + quarter, ya, ya - quarter].entries()) {
		for (const x of steps(from, to).filter(before))
			offer(10 * i, [from, y], [x, y], [x, yb], [to, yb]);
		for (const x of steps(b.left, b.right).filter(onward))
			offer(20 + 10 * i, [from, y], [x, y], [x, up ? b.bottom : b.top]);
	}
	for (const x of steps(a.left, a.right).filter(before))
		offer(20, [x, up ? a.top : a.bottom], [x, yb], [to, yb]);
	ways.sort((one, other) => one.cost - other.cost);
	return ways[0]?.points ?? straight;
}

/** Places between two, some pixels apart, with room at both ends. */
function steps(one: number, other: number): number[] {
	const [low, high] = [Math.min(one, other), Math.max(one, other)];
	const count = Math.floor((high - low - 2 * room) / room);
	return Array.from(
		{ length: Math.max(0, count + 1) },
		(_, i) => low + room + i * room,
	);
}

/** What is against a way: boxes before it, lines on it, lines across it, and its length. */
function price(
	points: readonly Point[],
	boxes: readonly Place[],
	lines: readonly (readonly Point[])[],
): number {
	let cost = 0;
	for (const [p, q] of pieces(points)) {
		const box = around(p, q);
		const grown = (by: number): Place => ({
			left: box.left - by,
			right: box.right + by,
			top: box.top - by,
			bottom: box.bottom + by,
		});
		cost += (box.right - box.left + box.bottom - box.top) / 20;
		cost += 1000 * boxes.filter((other) => meet(grown(room), other)).length;
		for (const line of lines)
			for (const [r, s] of pieces(line)) {
				const along = upright(p, q) === upright(r, s);
				if (meet(grown(along ? room - 1 : 0), around(r, s)))
					cost += along ? 100 : 4;
			}
	}
	return cost;
}

const pieces = (points: readonly Point[]): [Point, Point][] =>
	points.slice(1).map((point, i) => [points[i], point]);
const upright = ([px]: Point, [qx]: Point) => Math.abs(px - qx) < 1;
const around = ([px, py]: Point, [qx, qy]: Point): Place => ({
	left: Math.min(px, qx),
	right: Math.max(px, qx),
	top: Math.min(py, qy),
	bottom: Math.max(py, qy),
});
const meet = (one: Place, other: Place): boolean =>
	one.left < other.right &&
	other.left < one.right &&
	one.top < other.bottom &&
	other.top < one.bottom;
