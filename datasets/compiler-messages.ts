import { type Random, random } from "unrolled";
import {
	expectOptions,
	optional,
	type Rules,
	size,
	source,
} from "unrolled/expect";
import { heldOut } from "./held-out.ts";
import { installed, type Origin } from "./installed.ts";
import type { TextPair } from "./text-pair.ts";

export interface CompilerMessageData extends Origin {
	train: TextPair[];
	validation: TextPair[];
}

export interface CompilerMessageOptions {
	/** The most words of a message in English; default 6. */
	longest?: number;
	/** How many messages at most, both parts together; default all: 524 of up to 6 words. */
	most?: number;
	/** What mixes the messages and draws them. Default: random(1). */
	random?: Random;
}

const rules: Rules<CompilerMessageOptions> = {
	longest: optional(size),
	most: optional(size),
	random: optional(source),
};

/**
 * Messages of the TypeScript compiler in English, and in Spanish as its translators wrote them: real text, and little of it. A fifth is for
 * validation.
 *
 * `{0}` stands for a name that the compiler puts in. Messages that differ in capitals and punctuation only are one, so that no message stands
 * in both parts; many differ in one word.
 * @throws when the data are not installed or not those whose SHA-256 is written here.
 */
export async function compilerMessages(
	options: CompilerMessageOptions = {},
): Promise<CompilerMessageData> {
	const {
		longest = 6,
		most,
		random: from = random(1),
	} = expectOptions("compilerMessages", options, rules);
	const [compiler, translated] = await installed({
		loader: "compilerMessages",
		from: "typescript-cells@npm:typescript@5.9.3",
		files: ["lib/typescript.js", "lib/es/diagnosticMessages.generated.json"],
		sha256: "61c5e9aad50baca4be9caf033ffe8b0b7cf2c2ef06941fd031c47e2a040fc35d",
	});
	const spanish: Record<string, string> = JSON.parse(translated);
	const pairs = new Map<string, TextPair>();
	for (const [, key, message] of compiler.matchAll(definition)) {
		const pair = {
			source: (JSON.parse(message) as string).trim(),
			target: spanish[JSON.parse(key)]?.trim(),
		};
		const same = pair.source.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ");
		if (pair.target && pair.source.split(/\s+/).length <= longest)
			pairs.set(same, pair);
	}
	return {
		...heldOut(
			"compilerMessages",
			from.shuffle([...pairs.values()]).slice(0, most),
		),
		source:
			"Messages of the TypeScript compiler, from the npm package typescript 5.9.3",
		licence: "Apache-2.0 (Microsoft)",
	};
}

/** `diag(1012, 1, "Unexpected_token_1012", "Unexpected token.")` in the compiler: the key and the message, as JSON. */
const definition =
	/^ {2}\w+: diag\(\d+, \d+ \/\* \w+ \*\/, ("(?:[^"\\]|\\.)*"), ("(?:[^"\\]|\\.)*")/gm;
