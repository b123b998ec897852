/** One batch of a long text: what goes in and what comes next, time first. */
export interface Window {
	/** ids [T, B] */
	inputs: number[][];
	/** ids [T, B]: the inputs one step later */
	targets: number[][];
	/** Whether the text begins anew here, so that no state should be carried over. */
	fresh: boolean;
}

export interface WindowOptions {
	/** B: streams read side by side, each its own part of the text. */
	batch: number;
	/** T: tokens read at a time. */
	steps: number;
}

/**
 * Cuts a long list of ids into `batch` streams of one length and reads them side by side, `steps` tokens at a time.
 * Stream b of a window goes on where stream b of the window before ended, so a state can be carried over; at the end it begins anew.
 * @throws when the text is too short for one window.
 */
export function* windows(
	ids: readonly number[],
	{ batch, steps }: WindowOptions,
): Generator<Window, never, void> {
	const length = Math.floor((ids.length - 1) / batch);
	const count = Math.floor(length / steps);
	if (count < 1)
		throw new Error(
			`windows: ${batch} streams of ${steps} steps need at least ${batch * steps + 1} ids, got ${ids.length}`,
		);
	const rows = (from: number) =>
		Array.from({ length: steps }, (_, t) =>
			Array.from({ length: batch }, (_, b) => ids[b * length + from + t]),
		);
	for (let i = 0; ; i = (i + 1) % count)
		yield {
			inputs: rows(i * steps),
			targets: rows(i * steps + 1),
			fresh: i === 0,
		};
}
