/** Follows property names from a value without running code: it stops at a getter. */
function follow(from: unknown, path: readonly string[]): unknown {
	let value = from;
	for (const name of path) {
		let holder: unknown = value;
		let found: PropertyDescriptor | undefined;
		while (!found && holder !== null && holder !== undefined) {
			found = Object.getOwnPropertyDescriptor(Object(holder), name);
			holder = Object.getPrototypeOf(Object(holder));
		}
		if (!found || !("value" in found)) return undefined;
		value = found.value;
	}
	return value;
}

const PATH =
	/((?:[\p{ID_Start}$_][\p{ID_Continue}$]*\.)+)([\p{ID_Continue}$]*)$/u;
const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/**
 * The members that a value has at run time, for code that ends in `value.part`: for values whose type does not list them.
 * @param find finds a variable of the cells; their names come before those of the global object
 */
export function membersAt(
	code: string,
	find: (name: string) => { value: unknown } | undefined,
): { matches: string[]; start: number } | undefined {
	const [, path, part] = PATH.exec(code) ?? [];
	if (!path) return undefined;
	const [first, ...rest] = path.slice(0, -1).split(".");
	const own = find(first);
	const value = own
		? follow(own.value, rest)
		: follow(globalThis, [first, ...rest]);
	if (value === null || value === undefined) return undefined;
	const names = new Set<string>();
	for (let at: unknown = Object(value); at && at !== Object.prototype; ) {
		for (const name of Object.getOwnPropertyNames(at)) names.add(name);
		at = Object.getPrototypeOf(at);
	}
	names.delete("constructor");
	const matches = [...names].filter(
		(name) => NAME.test(name) && name.startsWith(part),
	);
	return { matches: matches.sort(), start: code.length - part.length };
}
