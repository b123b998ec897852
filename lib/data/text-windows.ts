import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aVocabulary, optional, size } from "../expect/rules.ts";
import { described, has } from "../expect/words.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { type Window, windows } from "./windows.ts";

export interface TextWindowsOptions {
	vocabulary: Vocabulary;
	/** B: streams read side by side. */
	batch: number;
	/** T: tokens read at a time. */
	steps: number;
	/** How many windows are cut out of one piece of the text; default 100. The piece alone is in memory: about batch · steps · pieces characters. */
	windows?: number;
}

const rules: Rules<TextWindowsOptions> = {
	vocabulary: aVocabulary,
	batch: size,
	steps: size,
	windows: optional(size),
};

/**
 * Windows over a text that is larger than memory: it comes in chunks, such as those of a file, and is cut piece by piece as `windows` cuts a text.
 *
 * ```ts
 * const file = () => createReadStream("large.txt", "utf8");                    // from node:fs
 * for await (const { inputs, targets, fresh } of textWindows(file(), { vocabulary, batch: 32, steps: 50 })) …
 * ```
 *
 * `fresh` says where a piece begins: no state is carried over from the piece before. What is left at the end of the text, less than one
 * window of each stream, is not read.
 * @throws when the chunks are no strings, a character is not in the vocabulary, or the text is too short for one window.
 */
export async function* textWindows(
	chunks: AsyncIterable<string> | Iterable<string>,
	options: TextWindowsOptions,
): AsyncGenerator<Window, void, void> {
	const {
		vocabulary,
		batch,
		steps,
		windows: pieces = 100,
	} = expectOptions("textWindows", options, rules);
	expectValue("textWindows", "the chunks", chunks, someChunks);
	const whole = batch * steps * pieces + 1;
	let text = "";
	let read = 0;
	const cut = (piece: string) =>
		windows(vocabulary.encode(piece), { batch, steps });
	for await (const chunk of chunks) {
		if (typeof chunk !== "string")
			throw new Error(
				`textWindows: chunks must be strings, got ${described(chunk)}; createReadStream(path, "utf8") gives them`,
			);
		text += chunk;
		for (; text.length >= 2 * whole; read++) {
			const end = between(text, whole);
			yield* cut(text.slice(0, end));
			text = text.slice(end);
		}
	}
	const least = batch * steps + 1;
	for (; text.length >= least; read++) {
		const end = between(text, Math.min(whole, text.length));
		if ([...text.slice(0, end)].length >= least) yield* cut(text.slice(0, end));
		text = text.slice(end);
	}
	if (read === 0)
		throw new Error(
			`textWindows: ${batch} streams of ${steps} steps need at least ${least} characters, got ${text.length}`,
		);
}

/** A place to cut at, not inside a character that takes two places of a string. */
function between(text: string, at: number): number {
	const code = text.charCodeAt(at - 1);
	return code >= 0xd800 && code <= 0xdbff ? at + 1 : at;
}

const someChunks = {
	wanted: 'the chunks of a text, such as createReadStream(path, "utf8")',
	fits: (value: unknown) =>
		typeof value === "object" &&
		value !== null &&
		(Symbol.asyncIterator in value || Symbol.iterator in value) &&
		!has(value, "BYTES_PER_ELEMENT"),
};
