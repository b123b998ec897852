import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional, text } from "../expect/rules.ts";
import { escaped, readable, type Span } from "./letters.ts";
import { finding, given, range, strings } from "./options.ts";
import type { Picture } from "./picture.ts";
import { type Numbers, readNumbers } from "./points.ts";
import { brief, minus, visible, wrap } from "./theme.ts";

/** How `shadedText` is asked for a picture. */
export interface ShadedTextOptions {
	/** The finding: a sentence, or a function that computes it from the numbers. */
	title: string | ((values: readonly number[]) => string);
	/** The text in pieces: characters, words. */
	tokens: readonly string[];
	/** What the shade is, with its unit: `"surprise (nats)"`, `"activation of unit 7"`. */
	value: string;
	/** One number for each piece. */
	values: Numbers;
	/** The numbers at which shades are full; without it they fit the values. */
	range?: readonly [number, number];
	/** What stands between two pieces: `" "` for words, default nothing. */
	between?: string;
}

/** Orange above 0, blue below, and how strong each is at most: letters stay legible on it in a light and in a dark theme. */
const above = [201, 106, 0] as const;
const below = [61, 134, 204] as const;
const strongest = 0.65;
/** Letters in a line of the still. */
const letters = 72;

const rulesOfOptions: Rules<ShadedTextOptions> = {
	title: finding,
	tokens: strings,
	value: text,
	values: given,
	range: optional(range),
	between: optional(text),
};

/**
 * A text whose pieces are shaded by a number each: how surprised the network was, what a unit did, what attention weighed. Orange is
 * above 0, blue (with dots under it) below; each piece says its number when the pointer rests on it. The words of the picture name
 * the strongest pieces, for those who do not see colours.
 * @throws when there is not a number for each piece; a number that is not finite has no shade and is counted.
 */
export function shadedText(options: ShadedTextOptions): Picture {
	expectOptions("shadedText", options, rulesOfOptions);
	const { tokens, value, between = "" } = options;
	const values = readNumbers("shadedText: values", options.values);
	if (values.length !== tokens.length || tokens.length === 0)
		throw new Error(
			`shadedText: values must be one number for each of ${tokens.length} tokens, of which there is at least one, got ${values.length}`,
		);
	const finite = values.filter(Number.isFinite);
	const [least, greatest] = options.range ?? [
		Math.min(0, ...finite),
		Math.max(0, ...finite),
	];
	if (!(least <= greatest))
		throw new Error(
			`shadedText: range must be [from, to] with from ≤ to, got [${options.range}]`,
		);
	const end = Math.max(Math.abs(least), Math.abs(greatest)) || 1;
	const share = (v: number) =>
		Number.isFinite(v) ? Math.max(-1, Math.min(1, v / end)) : 0;
	const title = minus(
		typeof options.title === "string" ? options.title : options.title(values),
	);
	const odd = values.length - finite.length;
	const strong = [...tokens.keys()]
		.filter((i) => Number.isFinite(values[i]))
		.sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]))
		.slice(0, 5)
		.map((i) => `"${visible(tokens[i])}" ${brief(values[i])}`);
	const words = [
		`${value}: from ${brief(Math.min(...finite))} to ${brief(Math.max(...finite))}; strongest: ${strong.join(", ")}`,
		...(odd > 0 ? [`${odd} of ${values.length} have no number`] : []),
	];
	const scale = (least < 0 ? [-1, -0.5, 0] : [0]).concat(
		greatest > 0 ? [0.5, 1] : [],
	);

	return readable(() => {
		const span = (text: string, v: number, hint: string) =>
			`<span title="${hint}" style="background-color: ${shade(share(v), "rgba")}; ${v < 0 ? "text-decoration: underline; " : ""}padding: 1px 0">${escaped(text)}</span>`;
		const pieces = tokens.map((token, i) => {
			const shown = token === "\n" ? "↵\n" : token;
			return span(shown, values[i], `${visible(token)}: ${brief(values[i])}`);
		});
		const legend = scale
			.map((part) => span(` ${brief(part * end)} `, part * end, value))
			.join("");
		const html = [
			`<div role="figure" aria-label="${escaped(`${title}. ${words.join(". ")}`)}">`,
			`<p style="font-weight: bold">${escaped(title)}</p>`,
			`<p>${escaped(minus(value))}: ${legend}</p>`,
			`<div style="white-space: pre-wrap; font-family: monospace; line-height: 1.7">${pieces.join(escaped(between))}</div>`,
			"</div>",
		].join("");
		const runs = tokens.map((token, i) => ({
			text: token,
			value: values[i],
		}));
		return {
			html,
			text: [
				title,
				...words.map((word) => `  ${minus(word)}`),
				tokens.join(between),
			].join("\n"),
			lines: [
				...wrap(title, letters).map((line) => [{ text: line, bold: true }]),
				[
					{ text: `${minus(value)}: ` },
					...scale.map((part) => run(` ${brief(part * end)} `, part)),
				],
				...broken(runs, between).map((line) =>
					line.map(({ text, value }) => run(text, share(value))),
				),
			],
		};
	});
}

/** A colour, over the page (rgba) or over white (rgb), for a share of the strongest shade. */
function shade(share: number, form: "rgba" | "rgb"): string {
	const colour = share < 0 ? below : above;
	const alpha = strongest * Math.abs(share);
	return form === "rgba"
		? `rgba(${colour.join(", ")}, ${alpha.toFixed(2)})`
		: `rgb(${colour.map((part) => Math.round(255 + alpha * (part - 255))).join(", ")})`;
}

const run = (text: string, share: number): Span => ({
	text,
	...(share !== 0 && { ground: shade(share, "rgb") }),
	...(share < 0 && { mark: "line" as const }),
});

interface Piece {
	text: string;
	value: number;
}

/** Pieces in lines for the still: broken after a line break, and after a space before the line is full. */
function broken(pieces: readonly Piece[], between: string): Piece[][] {
	const lines: Piece[][] = [[]];
	let length = 0;
	for (const { text, value } of pieces) {
		const shown = text.replaceAll("\n", "↵").replaceAll("\t", " ");
		const size = [...shown].length + between.length;
		const full = length + size > letters;
		const late = text === " " && length > letters - 12;
		if (full && length > 0) {
			lines.push([]);
			length = 0;
		}
		const line = lines[lines.length - 1];
		line.push({ text: shown, value });
		if (between) line.push({ text: between, value: 0 });
		length += size;
		if (text.endsWith("\n") || late) {
			lines.push([]);
			length = 0;
		}
	}
	return lines.filter((line) => line.length > 0);
}
