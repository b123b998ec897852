/** Something that shows itself as text: at the end of a notebook's cell, in `console.log`, in a template string. */
export interface Text {
	toString(): string;
}

/** The three ways of showing a text, to be spread into the value it stands for. */
export function shown(text: string): Text {
	return {
		toString: () => text,
		[Symbol.for("Jupyter.display")]: () => ({ "text/plain": text }),
		[Symbol.for("nodejs.util.inspect.custom")]: () => text,
	} as Text;
}
