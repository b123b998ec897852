import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { expectList } from "../expect/lists.ts";
import { size, whole } from "../expect/rules.ts";

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

/** The windows of a text. A loop over them goes through the text once, from its beginning; `next` goes on and on. */
export interface Windows extends Iterable<Window> {
	/** How many there are, once through the text. */
	readonly count: number;
	/** The next window; after the last comes the first again. */
	next(): { value: Window; done: false };
	/** How many `next` has given, to save. */
	state(): { read: number };
	/** @throws when it is no such state. */
	restore(state: { read: number }): void;
}

const rules: Rules<WindowOptions> = { batch: size, steps: size };
const id = whole(0, 2 ** 31 - 1);

/**
 * Cuts a long list of ids into `batch` streams of one length and reads them side by side, `steps` tokens at a time.
 * Stream b of a window goes on where stream b of the window before ended, so a state can be carried over; at the end it begins anew.
 *
 * ```ts
 * for (const { inputs, targets } of windows(ids, { batch: 32, steps: 50 })) …      // once through
 * const strips = windows(ids, { batch: 32, steps: 50 });
 * const { inputs, targets, fresh } = strips.next().value;                          // without end
 * ```
 *
 * The ids are copied.
 * @throws when the text is too short for one window.
 */
export function windows(
	ids: ArrayLike<number>,
	options: WindowOptions,
): Windows {
	const { batch, steps } = expectOptions("windows", options, rules);
	const text = expectList("windows", "ids", ids, id);
	const length = Math.floor((text.length - 1) / batch);
	const count = Math.floor(length / steps);
	if (count < 1)
		throw new Error(
			`windows: ${batch} streams of ${steps} steps need at least ${batch * steps + 1} ids, got ${text.length}`,
		);
	const rows = (from: number) =>
		Array.from({ length: steps }, (_, t) =>
			Array.from({ length: batch }, (_, b) => text[b * length + from + t]),
		);
	const window = (i: number): Window => ({
		inputs: rows(i * steps),
		targets: rows(i * steps + 1),
		fresh: i === 0,
	});
	let read = 0;
	// No generators: one whose turn was terminated can never be asked again.
	return {
		count,
		next() {
			const value = window(read % count);
			read++;
			return { value, done: false };
		},
		state: () => ({ read }),
		restore(state) {
			expectValue("windows: restore", "read", state?.read, whole());
			({ read } = state);
		},
		[Symbol.iterator]() {
			let i = 0;
			return {
				next: () =>
					i < count
						? { value: window(i++), done: false }
						: { value: undefined, done: true },
			};
		},
	};
}
