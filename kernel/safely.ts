import { inspect } from "node:util";
import { isNativeError } from "node:util/types";

/**
 * Safe reads of the values of cells. Their getters, traps and display code may throw anything, also while
 * the kernel describes what was thrown before.
 */

/** The result of a read, or `otherwise` when it throws. */
export function attempt<T, U>(read: () => T, otherwise: U): T | U {
	try {
		return read();
	} catch {
		return otherwise;
	}
}

/** A property of a value; undefined when it cannot be read. */
export const propertyOf = (value: unknown, name: PropertyKey): unknown =>
	attempt(
		() => (value as Record<PropertyKey, unknown> | undefined)?.[name],
		undefined,
	);

/** A value as a string; undefined when it has none. */
export const stringOf = (value: unknown): string | undefined =>
	attempt(() => String(value), undefined);

/** A value as Node prints it, without its own display code when that throws. */
export function inspected(value: unknown, depth = 2): string {
	const print = (customInspect: boolean) => () =>
		inspect(value, { depth, customInspect });
	return (
		attempt(print(true), undefined) ??
		attempt(print(false), `[${typeof value} that cannot be printed]`)
	);
}

export const isError = (value: unknown): value is Error =>
	isNativeError(value) ||
	attempt(
		() =>
			value instanceof Error ||
			Object.prototype.toString.call(value) === "[object Error]",
		false,
	);
