import {
	jupyterDisplay,
	type MimeBundle,
	type Picture,
	type VegaLite,
} from "../picture.ts";
import { png } from "../png.ts";
import { minus, wrap } from "../theme.ts";

/** A picture in three dimensions: what Plotly turns, and the same seen from one side, for pages that do not turn it. */
export interface Scene {
	title: string;
	/** Plotly's traces. */
	traces: readonly object[];
	axes: { x: object; y: object; z: object };
	/** A projection. */
	still: VegaLite;
	text: string;
}

/** Grey that is legible on a light page and on a dark one: Plotly does not know the page's theme. */
const pale = "#808080";
export const grid = "rgba(128,128,128,0.35)";

/** Plotly's extension shows the still until the pointer comes to it. */
export const turn = "In JupyterLab, point at the picture to turn it.";

/**
 * A picture that the reader turns by hand, where the page has Plotly's extension (PyPI `plotly`); elsewhere, and until the pointer comes
 * to it, a PNG of its projection.
 */
export function scenePicture(draw: () => Scene): Picture {
	return plotlyPicture(() => {
		const { title, traces, axes, still, text } = draw();
		const config = { responsive: true, displaylogo: false };
		const figure = { data: traces, layout: layout(title, axes), config };
		return { figure, still, text };
	});
}

/** A figure of Plotly's with a still, which is shown where the page does not draw the figure, and words. */
export function plotlyPicture(
	draw: () => { figure: object; still: VegaLite; text: string },
): Picture {
	const bundle = (figure: object, text: string): MimeBundle => ({
		"application/vnd.plotly.v1+json": figure,
		"text/plain": minus(text),
	});
	return {
		draft() {
			const { figure, text } = draw();
			return bundle(figure, text);
		},
		async [jupyterDisplay]() {
			const { figure, still, text } = draw();
			const { image, missing } = await png(still);
			return image === undefined
				? bundle(figure, `${text}\n(no PNG: ${missing})`)
				: { ...bundle(figure, text), "image/png": image };
		},
	};
}

/** The layout that all figures share, and how many lines their title has. */
export function paper(title: string) {
	const lines = wrap(minus(title), 56);
	return {
		lines: lines.length,
		layout: {
			title: {
				text: `<b>${lines.join("<br>")}</b>`,
				x: 0.01,
				xanchor: "left",
				font: { size: 14 },
			},
			font: { family: "sans-serif", size: 12, color: pale },
			paper_bgcolor: "rgba(0,0,0,0)",
			plot_bgcolor: "rgba(0,0,0,0)",
			autosize: true,
		},
	};
}

function layout(title: string, axes: Scene["axes"]) {
	const axis = (own: object) => ({
		gridcolor: grid,
		zerolinecolor: "rgba(128,128,128,0.6)",
		linecolor: pale,
		showbackground: false,
		...own,
	});
	const { lines, layout } = paper(title);
	return {
		...layout,
		title: { ...layout.title, y: 1, yanchor: "top", pad: { t: 10 } },
		height: 460,
		margin: { l: 0, r: 0, t: 12 + 20 * lines, b: 30 },
		legend: { orientation: "h", x: 0.01, y: 0, yanchor: "top" },
		scene: {
			xaxis: axis(axes.x),
			yaxis: axis(axes.y),
			zaxis: axis(axes.z),
			aspectmode: "cube",
			camera: {
				eye: { x: 1.25, y: -1.35, z: 0.75 },
				center: { x: 0, y: 0, z: -0.12 },
			},
		},
	};
}

/** Four digits: more cannot be seen, and would only make the notebook large. */
export const short = (value: number): number | null =>
	Number.isFinite(value) ? Number(value.toPrecision(4)) : null;

export const shortAll = (values: ArrayLike<number>): (number | null)[] =>
	Array.from(values, short);
