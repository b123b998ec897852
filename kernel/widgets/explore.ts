import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { display } from "../index.ts";
import { type Bundle, isDisplayable, shown } from "../output/values.ts";
import { column } from "./boxes.ts";
import type { Control } from "./control.ts";

type Controls = Readonly<Record<string, Control<unknown>>>;
/** The values of some controls, by their names. */
export type Values<C> = {
	[Name in keyof C]: C[Name] extends Control<infer V> ? V : never;
};

/** From one redraw to the next at least, in milliseconds: a page draws about so quickly. */
const pause = 40;
/** When controls have rested so long, the picture is drawn once more with its still, and the values are said in words. */
const rest = 300;

/**
 * A picture that follows controls: `explore({ r: slider(0, 2) }, ({ r }) => lineChart(…))`.
 *
 * Shows the controls, below them what `draw` returns for their values, and the values in words. While a control moves, the newest value
 * is drawn next and those between are left out. What is shown is an output of the cell like any other: a saved or exported page holds
 * the picture of the last values.
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

	const first = await shown(await draw(values()));
	const box = column(...names.map((name) => controls[name])).model;
	display({ ...box.view(), "text/plain": `Controls: ${names.join(", ")}` });
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
				display(picture, { id });
				await sleep(Math.max(1, pause - (performance.now() - start)));
				if (seen !== changes) continue;
				await sleep(rest);
				if (seen !== changes) continue;
				if (quick !== undefined)
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

const said = (value: unknown): string =>
	typeof value === "number"
		? String(Number(value.toPrecision(6)))
		: JSON.stringify(value);

const escaped = (text: string): string =>
	text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
