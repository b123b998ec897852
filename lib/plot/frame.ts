import { embedding, inked, minus, wrap } from "./theme.ts";

/** Pixels: what a chart takes where the page does not say how wide it is, and how far it follows where it does. */
const usual = 540;
const least = 420;
const most = 860;
/** The lowest that a chart becomes for want of content: its title needs it. */
const narrow = 460;

/** What a chart is, as far as its frame needs to know. */
export interface Heading {
	/** The finding. */
	title: string;
	/** What the reader must know beside it, in small letters under the title. */
	notes?: readonly string[];
	/** Width in pixels that the content needs at most, with its axis: four bars need no 860. */
	width?: number;
	/** Height of the plot in pixels. */
	height: number;
}

/** The parts of a specification that every chart has: schema, size, heading, and what a screen reader says. */
export function frame({ title, notes = [], width = most, height }: Heading) {
	const fixed = Math.round(Math.min(usual, Math.max(narrow, width)));
	return {
		...heading({ title, notes, width: fixed }),
		width: fixed,
		height,
		// The whole picture, letters included, has the width given.
		autosize: { type: "fit-x", contains: "padding" },
		usermeta: {
			embedOptions: {
				...embedding,
				patch: follow(fixed, Math.max(fixed, Math.min(most, width))),
			},
		},
	};
}

/** The same without a size, for charts of several views: Vega fits none of those to a width. */
export function heading({
	title,
	notes = [],
	width = narrow,
}: {
	title: string;
	notes?: readonly string[];
	width?: number;
}) {
	// DejaVu, the widest of the fonts in use, takes 8.4 pixels for a bold letter of size 14 and 6.4 for one of size 11.
	const letters = Math.floor(width / 8.4);
	return {
		$schema: "https://vega.github.io/schema/vega-lite/v5.json",
		description: minus([title, ...notes].join(". ")),
		title: {
			text: balanced(minus(title), letters),
			...(notes.length > 0 && {
				subtitle: notes.flatMap((note) =>
					balanced(minus(note), Math.floor(width / 6.4)),
				),
			}),
			anchor: "start",
			frame: "bounds",
			offset: 12,
			fontSize: 14,
			subtitlePadding: 5,
		},
		config: {
			...inked,
			axis: {
				...inked.axis,
				labelFontSize: 11,
				labelSeparation: 5,
				titleFontSize: 12,
				titlePadding: 8,
			},
			legend: {
				...inked.legend,
				orient: "top",
				offset: 8,
				symbolType: "stroke",
				symbolSize: 700,
				symbolStrokeWidth: 2.5,
				labelFontSize: 12,
				titleFontSize: 12,
				labelLimit: 240,
			},
		},
		usermeta: { embedOptions: embedding },
	};
}

/** In as few lines as `letters` allow, and these about equally long: no line of one word. */
export function balanced(title: string, letters: number): string[] {
	const lines = wrap(title, letters);
	for (let fewer = letters - 1; ; fewer--) {
		const tighter = wrap(title, fewer);
		if (fewer < 1 || tighter.length > lines.length)
			return wrap(title, fewer + 1);
	}
}

/**
 * Lets a chart follow the width of its place. Vega-Lite's own `width: "container"` draws nothing in JupyterLab, where the place
 * is as wide as the chart in it, unless a style sheet says otherwise (`.setup/jupyter/custom.css` does). So the width is a
 * number, which every page understands; and vega-embed, which draws charts in JupyterLab, exchanges it for a signal that looks
 * twice a second how wide the place is: side bars open without a word to the window.
 */
function follow(fixed: number, greatest: number) {
	const width = `place < 100 ? ${fixed} : clamp(place, ${least}, ${greatest})`;
	// The place has a signal of its own: Vega sets `width` to what is left beside the axes, and asked again for the whole width it
	// would draw the chart anew at each look.
	const signals = [
		{
			name: "place",
			init: "containerSize()[0]",
			on: [
				{
					events: { type: "timer", throttle: 500 },
					update: "containerSize()[0]",
				},
			],
		},
		{
			name: "width",
			init: width,
			on: [{ events: { signal: "place" }, update: width }],
		},
	];
	return [{ op: "add", path: "/signals", value: signals }];
}

/** A legend over the plot, where it costs no width, in as many columns as fit the narrowest chart. */
export function legendOf(names: readonly string[], symbolType = "stroke") {
	if (names.length < 2) return null;
	const longest = Math.max(...names.map((name) => name.length));
	const symbol = symbolType === "stroke" ? 45 : 30;
	const columns = Math.floor(
		(least - 40) / (symbol + 7 * Math.min(longest, 34)),
	);
	return {
		title: null,
		columns: Math.max(1, Math.min(names.length, columns)),
		...(symbolType !== "stroke" && { symbolType, symbolSize: 120 }),
	};
}
