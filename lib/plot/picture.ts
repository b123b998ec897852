import { png } from "./png.ts";
import { minus } from "./theme.ts";

/** What Jupyter shows: the same thing as several MIME types; a front end takes the best one it knows. */
export interface MimeBundle {
	[mimeType: string]: string | object;
}

/** The key under which Jupyter kernels look for a value's own picture. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** Something a notebook can show: the last expression of a cell, or an argument of `display` or `live`. */
export interface Picture {
	/** The picture as it stands, without its PNG: cheap and at once, for showing while numbers still come in. */
	draft(): MimeBundle;
	/** The picture without its PNG where it cannot be had at once: for one that follows a control. */
	sketch?(): Promise<MimeBundle>;
	/** The finished picture. The kernel calls this; it rejects when there is nothing to draw. */
	[jupyterDisplay](): Promise<MimeBundle>;
}

/** A Vega-Lite v5 specification, as far as this library needs to know it: a JSON object. */
export interface VegaLite {
	[property: string]: unknown;
}

/** A chart in both its forms: the specification, and what it says in words. */
export interface Chart {
	spec: VegaLite;
	text: string;
}

/**
 * The PNG of a draft: one transparent pixel. Where a chart has no PNG, JupyterLab makes one as soon as it has drawn the chart, and then
 * draws the chart a second time: half of what a page can show of a picture that changes.
 */
const pixel =
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

/**
 * A picture made by Vega-Lite. `draw("draft")` may be called at any time and never throws for want of points;
 * `draw("final")` throws when there is nothing to see.
 */
export function vegaPicture(
	draw: (state: "draft" | "final") => Chart,
): Picture {
	const bundle = ({ spec, text }: Chart): MimeBundle => ({
		"application/vnd.vegalite.v5+json": spec,
		"text/plain": minus(text),
	});
	return {
		draft: () => ({ ...bundle(draw("draft")), "image/png": pixel }),
		async [jupyterDisplay]() {
			const chart = draw("final");
			const { image, missing } = await png(chart.spec);
			if (image === undefined)
				return bundle({
					...chart,
					text: `${chart.text}\n(no PNG: ${missing})`,
				});
			return { ...bundle(chart), "image/png": image };
		},
	};
}
