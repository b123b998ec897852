/** Something that shows itself: at the end of a notebook's cell, in `console.log`, in a template string. */
export interface Text {
	toString(): string;
}

/** The ways of showing a text, to be spread into the value it stands for; `richer` forms are for notebooks that know their types. */
export function shown(
	text: string,
	richer: Readonly<Record<string, string>> = {},
): Text {
	return {
		toString: () => text,
		[Symbol.for("Jupyter.display")]: () => ({ ...richer, "text/plain": text }),
		[Symbol.for("nodejs.util.inspect.custom")]: () => text,
	} as Text;
}
