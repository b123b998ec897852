/**
 * What all charts share. They have no ground of their own, and their letters have the colour of the text around them: `currentColor`,
 * which an SVG takes from its page, also when the page changes its theme while the chart is shown; in a still it is black on white.
 * Only what has to be told apart is coloured here, in tones that keep a contrast of 3 : 1 to white and to #333.
 */

/** Blue, orange, green, purple, red, grey. A seventh series starts again with other dashes. */
export const colours = [
	"#3d86cc",
	"#c96a00",
	"#179268",
	"#b066c8",
	"#dc5165",
	"#868686",
];
const dashes = [
	[1, 0],
	[7, 3],
	[4, 2],
	[10, 3, 2, 3],
	[14, 4],
	[5, 2, 1, 2, 1, 2],
];
const shapes = [
	"circle",
	"square",
	"triangle-up",
	"diamond",
	"cross",
	"triangle-down",
];

const cycle = <T>(items: readonly T[], count: number, turn = 0): T[] =>
	Array.from(
		{ length: count },
		(_, i) => items[(i + turn * Math.floor(i / items.length)) % items.length],
	);

/** Grey that is seen on both grounds: thresholds, missing values, what is not the point. */
export const grey = "#868686";

/** The ink of letters and of all that is not coloured: that of the page. */
export const ink = "currentColor";

/** Vega-Lite's configuration in the page's ink. */
export const inked = {
	background: "transparent",
	title: { color: ink, subtitleColor: ink },
	axis: {
		labelColor: ink,
		titleColor: ink,
		gridColor: grey,
		gridOpacity: 0.25,
	},
	legend: { labelColor: ink, titleColor: ink },
	header: { labelColor: ink, titleColor: ink },
	view: { stroke: grey, strokeOpacity: 0.3 },
	text: { color: ink },
};

/**
 * What vega-embed, which draws charts in JupyterLab, must know: SVG, whose ink follows the page, and no theme of its own, since
 * JupyterLab would set Vega's dark one, and that for good.
 */
export const embedding = { renderer: "svg", theme: "" };

/** Vega-Lite scales that give each name a colour, a dash and a shape of its own. */
export function looks(names: readonly string[]) {
	return {
		colour: { domain: names, range: cycle(colours, names.length) },
		dash: { domain: names, range: cycle(dashes, names.length, 1) },
		shape: { domain: names, range: cycle(shapes, names.length, 1) },
	};
}

/** Breaks a text into lines of about `letters` letters, between words: Vega does not. */
export function wrap(text: string, letters: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(/\s+/)) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= letters)
			lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}

/** Spaces and line breaks made visible, for axes whose names are characters. */
export const visible = (name: string): string =>
	name === " " ? "␣" : name.replaceAll("\n", "↵").replaceAll("\t", "⇥") || "∅";

/** A number for reading: whole ones as they are, others with three significant digits. */
export function brief(value: number): string {
	const size = Math.abs(value);
	return minus(
		!Number.isFinite(value) || Number.isInteger(value)
			? String(value)
			: size >= 1e5 || size < 1e-3
				? value.toExponential(2).replace("e-", "e−")
				: String(Number(value.toPrecision(size >= 100 ? 4 : 3))),
	);
}

/** The hyphens before numbers as minus signs, as Vega writes them on axes: one kind in one picture. */
export const minus = (text: string): string =>
	text.replace(/(?<![\p{L}\p{N}])-(?=\.?\d|∞|Infinity)/gu, "−");

/** A number as a file keeps it: more digits than these are not seen, and only make the notebook large. */
export const written = (value: number): number =>
	Number.isFinite(value) ? Number(value.toPrecision(6)) : value;
