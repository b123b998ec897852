import type { Joined, Point } from "./layout.ts";
import { ink, round, widthOf, written } from "./text.ts";

/** A line from one box to another, with an arrow at its end. */
export interface Link extends Joined {
	text?: string;
	colour?: string;
	dashed?: boolean;
	/** Also drawn the other way, dashed and beside it: what goes back. */
	back?: { colour: string };
	/** Its words stand beside its end, where there is room, and take none of their own. */
	beside?: boolean;
}

const labelSize = 10;

/** The room that the words of a link need. */
export const labelled = (link: Link): Link =>
	link.text && !link.beside
		? {
				...link,
				label: {
					width: Math.ceil(widthOf(link.text, labelSize)) + 4,
					height: labelSize + 4,
				},
			}
		: link;

/** A link as SVG over its corners; `label` is the upper left corner of its words. */
export function drawnLink(
	link: Link,
	points: readonly Point[],
	label?: Point,
): string {
	const { colour = ink.line, dashed, back, text } = link;
	const forth = arrow(
		back ? shifted(points, 3) : points,
		colour,
		dashed ?? false,
	);
	const other = back
		? arrow(shifted([...points].reverse(), 3), back.colour, true)
		: "";
	const width = text ? widthOf(text, labelSize) : 0;
	const at = label ?? besideEnd(points, width);
	const words = text
		? written(text, at[0] + 2, at[1] + labelSize / 2 + 2, {
				size: labelSize,
				colour: ink.quiet,
				anchor: "start",
				halo: true,
			})
		: "";
	return forth + other + words;
}

/** Beside an arrow's head, where no other line comes so near: on the side that its line does not come from. */
function besideEnd(points: readonly Point[], width: number): Point {
	const [x, y] = points[points.length - 1];
	const [px, py] = points[points.length - 2];
	if (y === py) return [px < x ? x - width - 5 : x + 1, y - labelSize - 7];
	const before = points[points.length - 3]?.[0] ?? x;
	return [before < x ? x + 4 : x - width - 8, y + 6];
}

/** How long an arrow's head is. */
const head = 7;

function arrow(
	points: readonly Point[],
	colour: string,
	dashed: boolean,
): string {
	if (points.length < 2) return "";
	const [x, y] = points[points.length - 1];
	const [px, py] = points[points.length - 2];
	const length = Math.hypot(x - px, y - py) || 1;
	const [ux, uy] = [(x - px) / length, (y - py) / length];
	const neck: Point = [x - ux * (head - 1), y - uy * (head - 1)];
	const path = rounded([...points.slice(0, -1), neck]);
	const tip = [
		[x, y],
		[x - ux * head - uy * 3.4, y - uy * head + ux * 3.4],
		[x - ux * head + uy * 3.4, y - uy * head - ux * 3.4],
	].map((p) => p.map(round).join(" "));
	const dash = dashed ? ' stroke-dasharray="4 3"' : "";
	return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.4"${dash}/><path d="M${tip.join("L")}z" fill="${colour}"/>`;
}

/** A line through the points whose corners are round. */
function rounded(points: readonly Point[]): string {
	const at = ([x, y]: Point) => `${round(x)} ${round(y)}`;
	const towards = ([x, y]: Point, [tx, ty]: Point, most: number): Point => {
		const length = Math.hypot(tx - x, ty - y) || 1;
		const share = Math.min(most, length / 2) / length;
		return [x + (tx - x) * share, y + (ty - y) * share];
	};
	const corners = points.slice(1, -1).map((corner, i) => {
		const before = towards(corner, points[i], 6);
		const after = towards(corner, points[i + 2], 6);
		return `L${at(before)}Q${at(corner)} ${at(after)}`;
	});
	return `M${at(points[0])}${corners.join("")}L${at(points[points.length - 1])}`;
}

/** The same line some pixels to its right, as one looks along it. */
function shifted(points: readonly Point[], by: number): Point[] {
	const normal = (a: Point, b: Point): Point => {
		const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
		return [(-(b[1] - a[1]) / length) * by, ((b[0] - a[0]) / length) * by];
	};
	return points.map(([x, y], i) => {
		const before = i > 0 ? normal(points[i - 1], points[i]) : undefined;
		const after =
			i < points.length - 1 ? normal(points[i], points[i + 1]) : undefined;
		const [[bx, by2], [ax, ay]] = [before ?? after, after ?? before] as [
			Point,
			Point,
		];
		// at a right angle both shifts add up, along a straight line they are one
		const straight = Math.abs(bx * ay - by2 * ax) < 1e-6;
		return straight ? [x + bx, y + by2] : [x + bx + ax, y + by2 + ay];
	});
}
