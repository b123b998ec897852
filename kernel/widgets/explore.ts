import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { display } from "../index.ts";
import { type Bundle, isDisplayable, shown } from "../output/values.ts";
import { column } from "./boxes.ts";
import type { Control } from "./control.ts";
import { html } from "./html.ts";
import { layout } from "./model.ts";

type Controls = Readonly<Record<string, Control<unknown>>>;
/** The values of some controls, by their names. */
export type Values<C> = {
	[Name in keyof C]: C[Name] extends Control<infer V> ? V : never;
};

/** From one redraw to the next at least, in milliseconds. */
const pause = 40;
/** When controls have rested so long, the picture is drawn once more with its still, and the values are said in words. */
const rest = 300;

/**
 * A picture that follows controls: `explore({ r: slider(0, 2) }, ({ r }) => lineChart(…))`.
 *
 * Shows the controls, below them what `draw` returns for their values, and the values in words. While a control moves, the newest value
 * is drawn next and those between are left out. A saved or exported page holds the picture of the last values.
 *
 * Charts and diagrams are drawn in the kernel and shown as HTML beside the controls: the page only replaces their lines. The same picture
 * as an output of the cell, which is what is saved, is hidden meanwhile, and drawn anew when the controls rest.
 *
 * `draw` may return anything that can be shown, or a promise of it. The promise that is returned fulfils when the first picture is there;
 * it rejects with what `draw` throws for the first values. What it throws later is shown instead of the picture.
 */
export async function explore<C extends Controls>(
	controls: C,
	draw: (values: Values<C>) => unknown,
): Promise<void> {
	const names = Object.keys(controls);
	for (const name of names) {
		const { model } = controls[name];
		if (model.state.description === "") model.set({ description: name });
	}
	const id = `explore-${randomUUID()}`;
	const values = () =>
		Object.fromEntries(
			names.map((name) => [name, controls[name].value]),
		) as Values<C>;
	const caption = () => {
		const words = names.map(
			(name) => `${name} = ${said(controls[name].value)}`,
		);
		const how = "To change this yourself, run the cell.";
		return {
			"text/html": `<small>${escaped(words.join(", "))} · ${how}</small>`,
			"text/plain": `${words.join(", ")} · ${how}`,
		};
	};

	const value = await draw(values());
	const first = await shown(value);
	const moving = html(markup((await sketch(value)) ?? first), {
		_dom_classes: [moves],
	});
	const parts = [...names.map((name) => controls[name]), moving, hiding()];
	const view = column(...parts).model.view();
	display({ ...view, "text/plain": `Controls: ${names.join(", ")}` });
	display(first, { id });
	display(caption(), { id: `${id}-words` });

	/** Counts changes, so that a redraw knows whether it is the newest. */
	let changes = 0;
	let busy = false;
	const follow = async () => {
		if (busy) return;
		busy = true;
		try {
			for (let seen = -1; seen !== changes; ) {
				seen = changes;
				const start = performance.now();
				let value: unknown;
				let quick: Bundle | undefined;
				const picture = await attempt(async () => {
					value = await draw(values());
					quick = await sketch(value);
					return quick ?? shown(value);
				});
				const inPage = markup(picture);
				if (inPage !== moving.value) moving.value = inPage;
				if (inPage === "") display(picture, { id });
				await sleep(Math.max(1, pause - (performance.now() - start)));
				if (seen !== changes) continue;
				await sleep(rest);
				if (seen !== changes) continue;
				if (quick !== undefined || inPage !== "")
					display(await attempt(async () => shown(value)), { id });
				display(caption(), { id: `${id}-words` });
			}
		} finally {
			busy = false;
		}
	};
	for (const name of names)
		controls[name].onChange(() => {
			changes++;
			void follow();
		});
}

/** A picture, or the error that is shown instead. */
async function attempt(make: () => Promise<Bundle>): Promise<Bundle> {
	try {
		return await make();
	} catch (error) {
		return { "text/plain": String(error) };
	}
}

const moves = "unrolled-moving";

/** Hides the output of the cell that comes after the controls, while what it shows is shown beside them. */
const hiding = () =>
	html(
		`<style>.jp-OutputArea-child:has(.${moves} .widget-html-content:not(:empty)) + .jp-OutputArea-child { display: none; }</style>`,
		{ layout: layout({ display: "none" }) },
	);

/** A picture without its still, if it knows how to draw itself so. */
async function sketch(value: unknown): Promise<Bundle | undefined> {
	const picture = (isDisplayable(value) ? value : {}) as {
		draft?: () => Bundle;
		sketch?: () => Promise<Bundle>;
	};
	if (picture.sketch) return picture.sketch();
	const bundle = picture.draft?.();
	const words = Object.keys(bundle ?? {}).every(
		(type) => type === "text/plain",
	);
	return words ? undefined : bundle;
}

/** A picture as HTML that a page can put in the place of another, or "" where it must be an output. */
function markup({ "text/html": words, "image/svg+xml": svg }: Bundle): string {
	if (typeof words === "string") return words;
	// as an image, which learns from its page whether that is dark
	return typeof svg === "string"
		? `<img style="max-width: none" src="data:image/svg+xml,${encodeURIComponent(svg)}">`
		: "";
}

const said = (value: unknown): string =>
	typeof value === "number"
		? String(Number(value.toPrecision(6)))
		: JSON.stringify(value);

const escaped = (text: string): string =>
	text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
