import { cellOfContext } from "./cell.ts";
import type { Life } from "./life.ts";

/** The life of the execution that the running code belongs to: timers, promises and callbacks remember theirs. */
export const lifeOfContext = (): Life | undefined =>
	cellOfContext.getStore()?.life;

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
	value instanceof Promise ||
	(((typeof value === "object" && value !== null) ||
		typeof value === "function") &&
		typeof (value as { then?: unknown }).then === "function");

/** A promise that never settles. */
export const never = (): Promise<never> => new Promise(() => {});

/**
 * The promise that is awaited instead of `value` in `await value`, in cells and local modules. It settles as the value does; when the cell is
 * stopped it rejects, and an await that begins later never ends.
 */
export function awaited(value: unknown): unknown {
	const life = lifeOfContext();
	if (!life) return value;
	if (life.over) return never();
	if (!isThenable(value)) return value;
	const { awaits } = life;
	return new Promise((resolve, reject) => {
		awaits.add(reject);
		// V8 follows these two steps when it looks for the callers of a function that failed after an await
		Promise.resolve(value)
			.then(
				(result) => {
					awaits.delete(reject);
					return result;
				},
				(error) => {
					awaits.delete(reject);
					throw error;
				},
			)
			.then(resolve, reject);
	});
}

async function* each(
	items: Iterable<unknown>,
): AsyncGenerator<unknown, void, void> {
	for (const item of items) yield await awaited(item);
}

/** The iterable used instead of `items` in `for await (… of items)`: each step is awaited by {@link awaited}. */
export function awaitedEach(items: unknown): AsyncIterable<unknown> {
	const { [Symbol.asyncIterator]: begin, [Symbol.iterator]: beginSync } =
		Object(items) as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
	if (typeof begin !== "function") {
		if (typeof beginSync === "function")
			return each(items as Iterable<unknown>);
		throw new TypeError(`${String(items)} is not async iterable`);
	}
	return {
		[Symbol.asyncIterator]() {
			const iterator = begin.call(items);
			const end = iterator.return?.bind(iterator);
			return {
				next: () =>
					awaited(iterator.next()) as Promise<IteratorResult<unknown>>,
				...(end && { return: end }),
			};
		},
	};
}
