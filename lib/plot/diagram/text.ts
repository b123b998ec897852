/** What diagrams are drawn with: black on white, as in print. */
export const ink = {
	text: "#1f2328",
	quiet: "#59636e",
	line: "#59636e",
	back: "#a14d00",
	ground: "white",
};

/** The same colours on a dark page, whose ground is that of JupyterLab's dark theme: a diagram lies on it without an edge. */
const night = {
	[ink.text]: "#e6edf3",
	[ink.quiet]: "#9da7b3",
	[ink.back]: "#ffa657",
	[ink.ground]: "#111111",
};

/**
 * A style sheet that gives an SVG of class `unrolled` the colours of the night where its page is dark. A page shows it as an image, which
 * knows of its page whether that is dark (JupyterLab says so by `color-scheme`), and nothing else. A PNG is made by day.
 */
export const nightly = `<style>@media (prefers-color-scheme: dark) {${Object.entries(
	night,
)
	.flatMap(([day, dark]) =>
		["fill", "stroke"].map(
			(part) => `.unrolled [${part}="${day}"] {${part}: ${dark}}`,
		),
	)
	.join(" ")}}</style>`;

export const family = "DejaVu Sans, Verdana, Arial, sans-serif";

/** How wide letters of DejaVu Sans are, by the size of the font; those of other fonts on a page are narrower. */
const narrow = /[iljI.,:;'|!]/;
const slim = /[ ()[\]ftr/\-"]/;
const wide = /[mwMW⊙%@Σ→←↦]/;
const small = /[₀-₉ₐ-ₜᵢ⁰-⁹′]/;
const above = /\p{Mn}/u;

/** A text whose subscripts stand in ⟨ ⟩: `W⟨f⟩`. As wide as it can be, in pixels. */
export function widthOf(text: string, size: number, bold = false): number {
	let width = 0;
	for (const { letters, low } of parts(text))
		for (const letter of letters) {
			const em = above.test(letter)
				? 0
				: narrow.test(letter)
					? 0.34
					: slim.test(letter)
						? 0.42
						: small.test(letter)
							? 0.46
							: wide.test(letter)
								? 0.98
								: /[A-Z]/.test(letter)
									? 0.7
									: 0.635;
			width += em * size * (low ? 0.75 : 1);
		}
	return width * (bold ? 1.1 : 1);
}

/** A text cut where subscripts begin and end. */
function parts(text: string): { letters: string; low: boolean }[] {
	return text
		.split(/(⟨[^⟩]*⟩)/)
		.filter(Boolean)
		.map((part) =>
			part.startsWith("⟨")
				? { letters: part.slice(1, -1), low: true }
				: { letters: part, low: false },
		);
}

/** The letter of an equation with what follows it as a subscript: `Wf` is W⟨f⟩. Words stay as they are. */
export const letter = (name: string): string =>
	/^[A-Za-z][a-z]?[0-9]*$/.test(name) && name.length > 1
		? `${name[0]}⟨${name.slice(1)}⟩`
		: name;

/** A name as the equations write it. */
export const letterOf = (name: string): string =>
	name === "candidate" ? "h̃" : letter(name);

/** Without its marks, for those who read the words alone. */
export const plain = (text: string): string => text.replace(/[⟨⟩]/g, "");

export const escaped = (text: string): string =>
	text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;");

export interface Style {
	size: number;
	colour?: string;
	bold?: boolean;
	anchor?: "start" | "middle" | "end";
	/** A white edge, where the text lies on a line. */
	halo?: boolean;
}

/** A line of text as SVG; y is its middle. */
export function written(
	text: string,
	x: number,
	y: number,
	{ size, colour = ink.text, bold, anchor = "middle", halo }: Style,
): string {
	let sunk = false;
	const spans = parts(text).map(({ letters, low }) => {
		const dy = low === sunk ? 0 : low ? size * 0.22 : -size * 0.22;
		sunk = low;
		const own = low ? ` font-size="${round(size * 0.75)}"` : "";
		const shift = dy === 0 ? "" : ` dy="${round(dy)}"`;
		return own || shift
			? `<tspan${shift}${own}>${escaped(letters)}</tspan>`
			: escaped(letters);
	});
	const edge = halo
		? ` stroke="${ink.ground}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`
		: "";
	return `<text x="${round(x)}" y="${round(y + size * 0.36)}" font-size="${size}" text-anchor="${anchor}" fill="${colour}"${bold ? ' font-weight="bold"' : ""}${edge} xml:space="preserve">${spans.join("")}</text>`;
}

/** To a tenth of a pixel. */
export const round = (value: number): number => Math.round(value * 10) / 10;
