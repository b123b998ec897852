/**
 * The variables that cells share. The code of a cell reads and writes those of other cells as properties of this object.
 *
 * tslab's output declares what a cell imports by getters; here they become values, so that a later cell may declare the
 * same name again. A name whose declaration was never reached says so when it is read.
 */
export class Scope {
	readonly #values: Record<string, unknown> = Object.create(null);
	readonly #unset = new Set<string>();
	readonly exports: Record<string, unknown>;

	constructor() {
		const values = this.#values;
		this.exports = new Proxy(values, {
			set: (_target, name, value) => {
				if (this.#unset.size) this.#forget(name as string);
				values[name as string] = value;
				return true;
			},
			defineProperty: (_target, name, { get, value }) => {
				if (name === "__esModule") return true;
				if (this.#unset.size) this.#forget(name as string);
				values[name as string] = get ? get() : value;
				return true;
			},
		});
	}

	/** Takes the value of the last expression out of the scope. */
	take(name: string): unknown {
		const value = this.#values[name];
		delete this.#values[name];
		return value;
	}

	/** A cell that declares these names has ended. Those without a value are undefined, or out of reach when it threw. */
	declared(names: readonly string[], threw: boolean): void {
		for (const name of names) {
			if (name in this.#values) continue;
			if (!threw) {
				this.#values[name] = undefined;
				continue;
			}
			this.#unset.add(name);
			Object.defineProperty(this.#values, name, {
				configurable: true,
				get() {
					throw new ReferenceError(
						`${name} has no value: the cell that declares it stopped before`,
					);
				},
			});
		}
	}

	#forget(name: string): void {
		if (this.#unset.delete(name)) delete this.#values[name];
	}
}
