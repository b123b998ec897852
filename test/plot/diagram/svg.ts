import { jupyterDisplay, type Picture } from "unrolled/plot";

export interface Rectangle {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** A picture's SVG, the boxes and circles in it, and its words. */
export async function svgOf(picture: Picture) {
	const bundle = await picture[jupyterDisplay]();
	const svg = bundle["image/svg+xml"] as string;
	const number = (tag: string, name: string) =>
		Number(tag.match(new RegExp(` ${name}="([^"]*)"`))?.[1]);
	const boxes = [
		...svg.matchAll(/<g>(?:<title>[^<]*<\/title>)?<(rect|circle) [^>]*>/g),
	].map(([tag, kind]): Rectangle => {
		if (kind === "rect")
			return {
				x: number(tag, "x"),
				y: number(tag, "y"),
				width: number(tag, "width"),
				height: number(tag, "height"),
			};
		const r = number(tag, "r");
		return {
			x: number(tag, "cx") - r,
			y: number(tag, "cy") - r,
			width: 2 * r,
			height: 2 * r,
		};
	});
	const texts = [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/gs)].map(
		([, text]) => text.replace(/<[^>]*>/g, ""),
	);
	const lines = [
		...svg.matchAll(/<path d="(M[^"]*)" fill="none" stroke="/g),
	].map(([, path]) => {
		const numbers = (path.match(/-?[\d.]+/g) ?? []).map(Number);
		return numbers.flatMap((x, i) =>
			i % 2 === 0 ? [[x, numbers[i + 1]]] : [],
		);
	});
	return { bundle, svg, boxes, texts, lines };
}

/** Boxes that a line passes behind: more than its ends lie in them. */
export const behind = (
	boxes: readonly Rectangle[],
	lines: readonly number[][][],
): string[] =>
	lines.flatMap((line) =>
		boxes
			.filter(({ x, y, width, height }) =>
				line
					.slice(1)
					.some(
						([bx, by], i) =>
							Math.min(line[i][0], bx) < x + width - 2 &&
							Math.max(line[i][0], bx) > x + 2 &&
							Math.min(line[i][1], by) < y + height - 2 &&
							Math.max(line[i][1], by) > y + 2,
					),
			)
			.map((box) => `${line.join(" ")} behind ${JSON.stringify(box)}`),
	);

/** Pairs of rectangles that lie on one another. */
export const overlaps = (boxes: readonly Rectangle[]): Rectangle[][] =>
	boxes.flatMap((a, i) =>
		boxes
			.slice(i + 1)
			.filter(
				(b) =>
					a.x < b.x + b.width &&
					b.x < a.x + a.width &&
					a.y < b.y + b.height &&
					b.y < a.y + a.height,
			)
			.map((b) => [a, b]),
	);
