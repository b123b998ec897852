/** One line of text that a notebook shows as it is; `more` are other forms of it by MIME type. */
export function line(
	text: string,
	more: Record<string, object> = {},
): { toString(): string } {
	const shown = {
		toString: () => text,
		[Symbol.for("Jupyter.display")]: () => ({ "text/plain": text, ...more }),
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
