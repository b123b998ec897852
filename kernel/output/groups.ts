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

/** Ends the groups of the cell that has ended, so that what the next one prints is not set in. */
export function endGroups(): void {
	for (; open > 0; open--) console.groupEnd();
}
