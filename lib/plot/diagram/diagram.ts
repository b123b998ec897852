import { balanced } from "../frame.ts";
import { jupyterDisplay, type MimeBundle, type Picture } from "../picture.ts";
import { raster } from "../raster.ts";
import { type Box, drawnBox, measured } from "./boxes.ts";
import { arrange, type Layout, type Sketch } from "./layout.ts";
import { drawnLink, type Link, labelled } from "./links.ts";
import { escaped, family, plain, round, widthOf, written } from "./text.ts";
import { waypoints } from "./waypoints.ts";

/** A diagram before it is laid out. */
export interface Plan
	extends Pick<Sketch, "direction" | "gap" | "rise" | "ordered" | "near"> {
	/** The finding, above the diagram; none: no heading. */
	title?: string;
	/** What it shows in words: a line for each thing. */
	text: string;
	boxes: readonly Box[];
	links: readonly Link[];
	/** Lines that do not decide where boxes lie: drawn straight from side to side. */
	across?: readonly Link[];
	/** Lines of words below, such as what colours mean. */
	notes?: readonly string[];
	/** The boxes above are behind these: a frame around some boxes with a name. */
	frames?: readonly {
		name: string;
		colour: string;
		boxes: readonly string[];
	}[];
}

/** Widest line of a heading in a narrow diagram. */
const heading = 480;
const margin = 12;

/** A picture of boxes and lines. SVG, and a PNG for pages that show no SVG (an untrusted notebook, GitHub). */
export function diagram(plan: Plan): Picture {
	const words = { "text/plain": plan.text };
	let drawn: string | undefined;
	return {
		draft: () =>
			drawn === undefined ? words : { "image/svg+xml": drawn, ...words },
		async sketch() {
			drawn ??= await svg(plan);
			return { "image/svg+xml": drawn, ...words };
		},
		async [jupyterDisplay](): Promise<MimeBundle> {
			drawn ??= await svg(plan);
			const { image, missing } = await raster(drawn);
			return image === undefined
				? {
						"image/svg+xml": drawn,
						"text/plain": `${plan.text}\n(no PNG: ${missing})`,
					}
				: { "image/svg+xml": drawn, "image/png": image, ...words };
		},
	};
}

async function svg(plan: Plan): Promise<string> {
	const links = plan.links.map(labelled);
	const { boxes, joined, restored } = waypoints(
		plan.boxes.map((box) => ({ ...measured(box), ...box })),
		links,
	);
	const layout = restored(
		await arrange({
			boxes: boxes.map(({ id, width, height, rank }) => ({
				id,
				width,
				height,
				rank,
			})),
			links: joined,
			direction: plan.direction,
			gap: plan.gap,
			rise: plan.rise,
			ordered: plan.ordered,
			near: plan.near,
		}),
	);
	const inside = [
		...links.map((link, i) =>
			drawnLink(link, layout.links[i].points, layout.links[i].label),
		),
		...(plan.across ?? []).map((link) => drawnAcross(link, plan, layout)),
		...plan.boxes.map((box) => drawnBox(box, ...layout.boxes[box.id])),
	];
	const { title, notes = [] } = plan;
	const wide = Math.max(layout.width, title ? heading : 0);
	const letters = Math.floor(wide / 8.6);
	const head = title ? balanced(title, letters) : [];
	const foot = notes.flatMap((note) =>
		balanced(note, Math.floor(Math.max(wide, heading) / 6.4)),
	);
	const width = Math.ceil(
		Math.max(
			layout.width,
			...head.map((line) => widthOf(line, 14, true)),
			...foot.map((line) => widthOf(line, 10.5)),
		) +
			2 * margin,
	);
	const top = margin + head.length * 19 + (head.length > 0 ? 8 : 0);
	const below = top + layout.height + 10;
	const height = Math.ceil(
		top +
			layout.height +
			(foot.length > 0 ? 12 + foot.length * 15 : 0) +
			margin,
	);
	const left = round((width - layout.width) / 2);
	const text = [
		...head.map((line, i) =>
			written(line, margin, margin + 9 + i * 19, {
				size: 14,
				bold: true,
				anchor: "start",
			}),
		),
		...foot.map((line, i) =>
			written(line, margin, below + 8 + i * 15, {
				size: 10.5,
				anchor: "start",
			}),
		),
	];
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${family}" role="img">`,
		`<title>${escaped(plain(title ?? plan.text.split("\n")[0]))}</title>`,
		`<desc>${escaped(plain(plan.text))}</desc>`,
		`<rect width="${width}" height="${height}" rx="6" fill="white"/>`,
		...text,
		`<g transform="translate(${left} ${top})">`,
		...inside,
		"</g></svg>",
	].join("\n");
}

/** A line between two boxes that lie side by side: from one's side to the other's, with an elbow where one is higher. */
function drawnAcross(link: Link, plan: Plan, layout: Layout): string {
	const side = (id: string) => {
		const box = plan.boxes.find((each) => each.id === id) as Box;
		const [x, y] = layout.boxes[id];
		const { width, height } = measured(box);
		return {
			left: x,
			right: x + width,
			top: y,
			middle: y + height / 2,
			bottom: y + height,
			height,
		};
	};
	const [a, b] = [side(link.from), side(link.to)];
	const right = a.left < b.left;
	const [from, to] = right ? [a.right, b.left] : [a.left, b.right];
	if (Math.abs(a.middle - b.middle) < 2)
		return drawnLink(link, [
			[from, a.middle],
			[to, a.middle],
		]);
	// out of the lower or the upper half, where it does not lie on the line to the neighbour
	const y = a.middle + Math.sign(b.middle - a.middle) * (a.height / 4);
	if (right ? to < from + 16 : to > from - 16) {
		// no gap between the two: in through the near side
		const x = right ? Math.max(from, to) + 10 : Math.min(from, to) - 10;
		return drawnLink(link, [
			[from, y],
			[x, y],
			[x, b.middle > a.middle ? b.top : b.bottom],
		]);
	}
	const turn = between(link, plan, layout) ?? from + (right ? 12 : -12);
	return drawnLink(link, [
		[from, y],
		[turn, y],
		[turn, b.middle],
		[to, b.middle],
	]);
}

/** The middle of the gap between the columns of two boxes. */
function between(
	{ from, to }: Link,
	{ boxes }: Plan,
	layout: Layout,
): number | undefined {
	const columnOf = (id: string) => boxes.find((box) => box.id === id)?.column;
	const [a, b] = [columnOf(from), columnOf(to)];
	if (a === undefined || b === undefined) return undefined;
	const edges = (column: number) => {
		const own = boxes.filter((box) => box.column === column);
		const lefts = own.map(({ id }) => layout.boxes[id][0]);
		const rights = own.map((box, i) => lefts[i] + measured(box).width);
		return { left: Math.min(...lefts), right: Math.max(...rights) };
	};
	return a < b
		? (edges(a).right + edges(b).left) / 2
		: (edges(b).right + edges(a).left) / 2;
}
