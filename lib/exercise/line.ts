/** One line of text that a notebook shows as it is. */
export function line(text: string): { toString(): string } {
	const shown = {
		toString: () => text,
		[Symbol.for("Jupyter.display")]: () => ({ "text/plain": text }),
	};
	return shown;
}

/** An error that is a sentence for the reader: where it was thrown says nothing, so its stack is the sentence alone. */
export class Sentence extends Error {
	constructor(name: string, message: string) {
		super(message);
		this.name = name;
		this.stack = `${name}: ${message}`;
	}
}
