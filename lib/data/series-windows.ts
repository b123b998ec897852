import { expectOptions, type Rules } from "../expect/expect.ts";
import { isList } from "../expect/lists.ts";
import { optional, size } from "../expect/rules.ts";
import { described } from "../expect/words.ts";

/** A piece of a series: what is known, and what comes after it. */
export interface SeriesWindow<Row> {
	/** The last `past` rows that are known. */
	past: Row[];
	/** The `ahead` rows after them. */
	future: Row[];
	/** The index in the series of the first row of `future`. */
	at: number;
}

export interface SeriesWindowsOptions {
	/** How many rows are known. */
	past: number;
	/** How many rows are to be predicted; default 1. */
	ahead?: number;
	/** How far one window starts after the one before; default 1. */
	stride?: number;
}

const rules: Rules<SeriesWindowsOptions> = {
	past: size,
	ahead: optional(size),
	stride: optional(size),
};

/**
 * Windows over a series: every run of `past` rows with the `ahead` rows that follow it. A row may be anything: a number, a vector, a day.
 *
 * Windows overlap, so divide the series first, by `partition`, and cut windows of each part: none then reaches over the border.
 * `windows` is for one long text that is read with a state carried over.
 * @throws when the series is shorter than one window.
 */
export function seriesWindows<Row>(
	series: ArrayLike<Row>,
	options: SeriesWindowsOptions,
): SeriesWindow<Row>[] {
	const {
		past,
		ahead = 1,
		stride = 1,
	} = expectOptions("seriesWindows", options, rules);
	if (!isList(series))
		throw new Error(
			`seriesWindows: the series must be a list, got ${described(series)}`,
		);
	const rows = Array.from<Row>(series as ArrayLike<Row>);
	if (rows.length < past + ahead)
		throw new Error(
			`seriesWindows: ${past} rows and ${ahead} ahead need at least ${past + ahead} rows, got ${rows.length}`,
		);
	const count = Math.floor((rows.length - past - ahead) / stride) + 1;
	return Array.from({ length: count }, (_, i) => {
		const at = i * stride + past;
		return {
			past: rows.slice(at - past, at),
			future: rows.slice(at, at + ahead),
			at,
		};
	});
}
