import { jupyterDisplay, type MimeBundle, type Picture } from "../picture.ts";
import { raster } from "../raster.ts";
import { wrap } from "../theme.ts";
import { type Box, drawnBox, measured } from "./boxes.ts";
import { arrange, type Layout, type Sketch } from "./layout.ts";
import { drawnLink, type Link, labelled } from "./links.ts";
import { escaped, family, plain, round, widthOf, written } from "./text.ts";

/** A diagram before it is laid out. */
export interface Plan
	extends Pick<Sketch, "direction" | "gap" | "rise" | "ordered"> {
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
	const layout = await arrange({
		boxes: plan.boxes.map((box) => ({
			id: box.id,
			...measured(box),
			rank: box.rank,
		})),
		links: links.map(({ from, to, label }) => ({ from, to, label })),
		direction: plan.direction,
		gap: plan.gap,
		rise: plan.rise,
		ordered: plan.ordered,
	});
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
	const head = title ? wrap(title, letters) : [];
	const foot = notes.flatMap((note) => wrap(note, Math.floor(wide / 6.4)));
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

/** A line between two boxes that lie side by side: from one's side to the other's. */
function drawnAcross(link: Link, plan: Plan, layout: Layout): string {
	const side = (id: string) => {
		const box = plan.boxes.find((each) => each.id === id) as Box;
		const [x, y] = layout.boxes[id];
		const { width, height } = measured(box);
		return { left: x, right: x + width, middle: y + height / 2 };
	};
	const [a, b] = [side(link.from), side(link.to)];
	const [from, to] = a.left < b.left ? [a.right, b.left] : [a.left, b.right];
	const label = link.text
		? ([
				(from + to) / 2 - widthOf(link.text, 10) / 2 - 2,
				a.middle - 18,
			] as const)
		: undefined;
	return drawnLink(
		link,
		[
			[from, a.middle],
			[to, b.middle],
		],
		label,
	);
}
