/** One line of text that a notebook shows as it is. */
export function line(text: string): { toString(): string } {
	const shown = {
		toString: () => text,
		[Symbol.for("Jupyter.display")]: () => ({ "text/plain": text }),
	};
	return shown;
}
