import { type Declared, MARK } from "../compile/marked-names.ts";

const attributes = { configurable: true, enumerable: false };

/**
 * The variables of the cells. Each is a property of the global object under its marked name, so that all code that uses the
 * name, in any cell, means the same variable: V8 reads those as fast as variables of a script. A notebook
 * has its process to itself: a new scope replaces the one before.
 */
export class Scope {
	readonly #global = globalThis as unknown as Record<string, unknown>;

	constructor() {
		for (const name of Object.getOwnPropertyNames(globalThis))
			if (name.endsWith(MARK)) delete this.#global[name];
	}

	/** Prepares the names that a cell declares, before it runs. A name that has a value keeps it until it is assigned. */
	declare(names: readonly Declared[]): void {
		for (const { name, hoisted } of names) {
			const isThere = Object.hasOwn(globalThis, name + MARK);
			if (isThere && !(hoisted && !this.peek(name))) continue;
			if (hoisted) this.set(name, undefined);
			else
				this.bind(name, () => {
					throw new ReferenceError(
						`${name} has no value: the line that declares it has not run`,
					);
				});
		}
	}

	/** Gives a variable its value. */
	set(name: string, value: unknown): void {
		const property = { ...attributes, writable: true, value };
		Object.defineProperty(globalThis, name + MARK, property);
	}

	/** Makes a name read the result of a function, until it is assigned. */
	bind(name: string, get: () => unknown): void {
		const set = (value: unknown) => this.set(name, value);
		Object.defineProperty(globalThis, name + MARK, { ...attributes, get, set });
	}

	/** The value of a variable; undefined when there is none of this name, or it has none. */
	peek(name: string): { value: unknown } | undefined {
		if (!Object.hasOwn(globalThis, name + MARK)) return undefined;
		try {
			return { value: this.#global[name + MARK] };
		} catch {
			return undefined;
		}
	}
}
