import type { Rule } from "./rules.ts";
import { described, isTensor } from "./words.ts";

/** Lists in lists are not deeper than this: one that is contains itself. */
const DEEPEST = 32;

/** Whether it is an array, or a typed array of any kind. */
export function isList(value: unknown): value is ArrayLike<unknown> {
	return (
		Array.isArray(value) ||
		(ArrayBuffer.isView(value) && "BYTES_PER_ELEMENT" in value)
	);
}

/** A number, also out of a `BigInt64Array`. */
export const plain = (value: unknown): unknown =>
	typeof value === "bigint" ? Number(value) : value;

/**
 * Reads numbers that are nested in lists, as many of them at each place of a level, into an array that `make` allocates.
 * A lone number has the shape [].
 * @throws when the lists are ragged, or something in them breaks the rule: what it is, and where. `place` is what the error names: `gather: ids`.
 */
export function flatten<Numbers extends { [index: number]: number }>(
	place: string,
	values: unknown,
	make: (size: number) => Numbers,
	{ wanted, fits }: Rule,
): { data: Numbers; shape: number[] } {
	const wrong = (value: unknown, path: readonly number[]) =>
		new Error(
			`${place} must be ${wanted} in nested lists of one length, got ${described(value)}${path.length > 0 ? ` at ${where(path)}` : ""}${hint(value)}`,
		);
	const shape: number[] = [];
	for (let part = values; isList(part); part = part[0]) {
		if (shape.length === DEEPEST)
			throw new Error(
				`${place}: the lists are nested more than ${DEEPEST} deep; a list may not contain itself`,
			);
		shape.push(part.length);
	}
	const data = make(shape.reduce((product, n) => product * n, 1));
	const path: number[] = [];
	let next = 0;
	const fill = (part: unknown, axis: number): void => {
		if (axis === shape.length) {
			const value = plain(part);
			if (!fits(value)) throw wrong(part, path);
			data[next++] = value as number;
			return;
		}
		if (!isList(part)) throw wrong(part, path);
		if (part.length !== shape[axis])
			throw new Error(
				`${place}: the lists are ragged: the first ones have shape [${shape.join(", ")}], and the one at ${where(path)} holds ${part.length}`,
			);
		for (let i = 0; i < part.length; i++) {
			const item = part[i];
			// the numbers themselves, without a call for each
			if (typeof item === "number" && axis + 1 === shape.length && fits(item)) {
				data[next++] = item;
				continue;
			}
			path.push(i);
			fill(item, axis + 1);
			path.pop();
		}
	};
	fill(values, 0);
	return { data, shape };
}

/**
 * A copy of a list of numbers.
 * @throws when it is no list, or one of its numbers breaks the rule: which, and at what index.
 */
export function expectList(
	place: string,
	name: string,
	values: unknown,
	{ wanted, fits }: Rule,
): number[] {
	if (!isList(values))
		throw new Error(
			`${place}: ${name} must be a list, each ${wanted}, got ${described(values)}${hint(values)}`,
		);
	const read: number[] = [];
	for (let i = 0; i < values.length; i++) {
		const value = plain(values[i]);
		if (!fits(value))
			throw new Error(
				`${place}: ${name} must be a list, each ${wanted}, got ${described(values[i])} at ${i}${hint(values[i])}`,
			);
		read.push(value as number);
	}
	return read;
}

const where = (path: readonly number[]): string =>
	path.map((i) => `[${i}]`).join("");

/** What to write where numbers belong. */
function hint(value: unknown): string {
	if (isTensor(value)) return "; its toArray() gives lists";
	if (typeof value === "string")
		return "; a vocabulary's encode makes ids of a text, Number(…) a number of digits";
	if (typeof value === "boolean") return "; write 1 or 0";
	if (value === null || value === undefined)
		return "; what is missing needs a number, or to be left out";
	return "";
}
