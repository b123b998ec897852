/** How many `console.group`s are open, at most. */
let open = 0;

/** Begins to count the groups that cells open. */
export function countGroups(): void {
	for (const name of ["group", "groupCollapsed"] as const) {
		const own = console[name].bind(console);
		console[name] = (...label: unknown[]) => {
			open++;
			own(...label);
		};
	}
}

/** Closes the groups that the ended cell left open, so that the output of the next cell is not indented. */
export function endGroups(): void {
	for (; open > 0; open--) console.groupEnd();
}
