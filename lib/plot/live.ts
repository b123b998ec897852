import { jupyterDisplay, type MimeBundle, type Picture } from "./picture.ts";

/**
 * A notebook's `display`: shows a bundle; the same id again replaces what was shown. `stopped` takes the place of a draft when the cell
 * fails or is interrupted before its end.
 */
export type Display = (
	bundle: MimeBundle,
	options: { id: string; stopped?: Picture },
) => unknown;

/** Pictures on the page while their numbers still come in. */
export interface Live {
	/**
	 * Redraws the pictures as they stand, at most four times a second and in at most a fortieth of the time; between that it costs
	 * nothing. Call it after every step.
	 */
	refresh(): void;
	/** Draws the finished pictures, with their PNG, in the same place. */
	finish(): Promise<void>;
}

/** Least time from one redraw to the next, in milliseconds, and how often as long as a redraw it is at least. */
const pause = 250;
const times = 40;

let count = 0;

/**
 * Shows pictures in place while a loop runs: `live(display, chart, bar)`, where `display` comes from the kernel
 * (`import { display } from "@unrolled/kernel"`). They appear at once; `refresh()` in the loop keeps them up to date, and
 * `await finish()` after it leaves the final ones, and so do an error and an interrupt of the cell. It also works in a loop that never awaits.
 * @throws when there is no picture.
 */
export function live(display: Display, ...pictures: readonly Picture[]): Live {
	if (pictures.length === 0)
		throw new Error(
			"live: there must be at least one picture after display, got none",
		);
	// Unique on the page also after the kernel was started anew: there the old outputs still stand.
	const run = `unrolled-${Date.now().toString(36)}-${count++}`;
	const show = () => {
		const begun = Date.now();
		for (const [i, picture] of pictures.entries())
			display(picture.draft(), { id: `${run}-${i}`, stopped: picture });
		shown = Date.now();
		cost = shown - begun;
	};
	let shown = 0;
	let cost = 0;
	show();
	return {
		refresh() {
			if (Date.now() - shown >= Math.max(pause, times * cost)) show();
		},
		async finish() {
			for (const [i, picture] of pictures.entries())
				await display(await picture[jupyterDisplay](), { id: `${run}-${i}` });
		},
	};
}
