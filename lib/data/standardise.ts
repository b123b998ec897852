import { expectList, isList } from "../expect/lists.ts";
import { finite } from "../expect/rules.ts";
import { described } from "../expect/words.ts";

/** A change of scale and its way back: to mean 0 and deviation 1 over what it was fitted on. */
export interface Standardisation<Given, Made> {
	/** The mean, of each column where there are several. */
	readonly mean: number[];
	/** The standard deviation, of each column; 1 for a column that never changes. */
	readonly deviation: number[];
	/** (x − mean) / deviation */
	apply(values: Given): Made;
	/** z · deviation + mean: a prediction in the units of the data. */
	undo(values: Given): Made;
}

/**
 * Fits a change of scale to a series, or to the columns of a table [N, D]: give it the training part alone, or the future leaks into the past.
 *
 * ```ts
 * const scale = standardise(train);
 * const z = scale.apply(series);                       // train and later years by the same mean and deviation
 * const births = scale.undo(predicted);
 * ```
 *
 * The deviation is √(Σ (x − mean)² / N).
 * @throws when there is no value, a number is missing, or rows differ in size: which row.
 */
export function standardise(
	train: ArrayLike<number>,
): Standardisation<ArrayLike<number>, number[]>;
export function standardise(
	train: readonly (readonly number[])[],
): Standardisation<readonly (readonly number[])[], number[][]>;
export function standardise(
	train: ArrayLike<number> | readonly (readonly number[])[],
): Standardisation<never, never> {
	const lone = !(isList(train) && isList(train[0]));
	const rows = table("standardise", train, lone);
	if (rows.length === 0)
		throw new Error("standardise: wanted at least one value, got none");
	const D = rows[0].length;
	const over = (f: (column: number) => number) =>
		Array.from({ length: D }, (_, j) => f(j));
	const meanOf = (of: (row: number[]) => number) =>
		rows.reduce((sum, row) => sum + of(row) / rows.length, 0);
	const mean = over((j) => meanOf((row) => row[j]));
	const deviation = over(
		(j) => Math.sqrt(meanOf((row) => (row[j] - mean[j]) ** 2)) || 1,
	);
	const each =
		(place: string, change: (value: number, column: number) => number) =>
		(values: never): never => {
			const made = table(place, values, lone, D).map((row) => row.map(change));
			return (lone ? made.flat() : made) as never;
		};
	return {
		mean,
		deviation,
		apply: each("apply", (x, j) => (x - mean[j]) / deviation[j]),
		undo: each("undo", (z, j) => z * deviation[j] + mean[j]),
	};
}

/** A series as a table of one column, or a table as it is. */
function table(
	place: string,
	values: unknown,
	lone: boolean,
	size?: number,
): number[][] {
	if (!isList(values))
		throw new Error(
			`${place}: the values must be a list of numbers, or of rows of them, got ${described(values)}`,
		);
	if (lone)
		return expectList(place, "the values", values, finite).map((x) => [x]);
	const D = size ?? (values[0] as unknown[]).length;
	return Array.from(values, (row, i) => {
		const read = expectList(place, `row ${i}`, row, finite);
		if (read.length !== D)
			throw new Error(
				`${place}: row ${i} must have ${D} numbers, got ${read.length}`,
			);
		return read;
	});
}
