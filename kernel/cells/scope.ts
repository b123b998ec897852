/** The variables that cells share: the code of a cell reads and writes those of other cells as properties of this object. */
export class Scope {
	readonly exports: Record<string, unknown> = {};

	/** Takes the value of the last expression out of the scope. */
	take(name: string): unknown {
		const value = this.exports[name];
		this.exports[name] = undefined;
		return value;
	}

	/** A cell that declares these names has ended. Those without a value are undefined, or say so when it threw. */
	declared(names: readonly string[], threw: boolean): void {
		const { exports } = this;
		for (const name of names) {
			if (Object.hasOwn(exports, name)) continue;
			if (!threw) {
				exports[name] = undefined;
				continue;
			}
			Object.defineProperty(exports, name, {
				configurable: true,
				enumerable: true,
				get() {
					throw new ReferenceError(
						`${name} has no value: the cell that declares it stopped before`,
					);
				},
				set(value) {
					const attributes = { writable: true, enumerable: true };
					Object.defineProperty(exports, name, { ...attributes, value });
				},
			});
		}
	}
}
