import { balanced } from "../frame.ts";
import { jupyterDisplay, type MimeBundle, type Picture } from "../picture.ts";
import { raster } from "../raster.ts";
import { across, type Place } from "./across.ts";
import { type Box, drawnBox, measured } from "./boxes.ts";
import { arrange, type Layout, type Sketch } from "./layout.ts";
import { drawnLink, type Link, labelled } from "./links.ts";
import {
	escaped,
	family,
	ink,
	nightly,
	plain,
	round,
	widthOf,
	written,
} from "./text.ts";
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
/** What runs to the right and is wider than this, in pixels, runs down instead: on a page of 900 pixels its letters would be too small. */
const widest = 760;

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
	const arranged = async (direction: Plan["direction"]) =>
		restored(
			await arrange({
				boxes: boxes.map(({ id, width, height, rank }) => ({
					id,
					width,
					height,
					rank,
				})),
				links: joined,
				direction,
				gap: plan.gap,
				rise: plan.rise,
				ordered: plan.ordered,
				near: plan.near,
			}),
		);
	let layout = await arranged(plan.direction);
	if (plan.direction === "right" && layout.width > widest)
		layout = await arranged("down");
	const inside = [
		...links.map((link, i) =>
			drawnLink(link, layout.links[i].points, layout.links[i].label),
		),
		...drawnAcross(plan, layout),
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
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${family}" role="img" class="unrolled">`,
		nightly,
		`<title>${escaped(plain(title ?? plan.text.split("\n")[0]))}</title>`,
		`<desc>${escaped(plain(plan.text))}</desc>`,
		`<rect width="${width}" height="${height}" rx="6" fill="${ink.ground}"/>`,
		...text,
		`<g transform="translate(${left} ${top})">`,
		...inside,
		"</g></svg>",
	].join("\n");
}

/** Lines between boxes that lie side by side, those to a neighbour in the same row first. */
function drawnAcross(plan: Plan, layout: Layout): string[] {
	const placed = new Map(
		plan.boxes.map((box) => {
			const [left, top] = layout.boxes[box.id];
			const { width, height } = measured(box);
			const place: Place = {
				left,
				right: left + width,
				top,
				bottom: top + height,
			};
			return [box.id, place];
		}),
	);
	const place = (id: string) => placed.get(id) as Place;
	const lines = layout.links.map(({ points }) => points);
	const level = ({ from, to }: Link) =>
		Math.abs(
			place(from).top + place(from).bottom - place(to).top - place(to).bottom,
		) < 4;
	const links = [...(plan.across ?? [])];
	return links
		.sort((a, b) => Number(level(b)) - Number(level(a)))
		.map((link) => {
			const others = [...placed]
				.filter(([id]) => id !== link.from && id !== link.to)
				.map(([, other]) => other);
			const points = across(place(link.from), place(link.to), others, lines);
			lines.push(points);
			return drawnLink(link, points);
		});
}
