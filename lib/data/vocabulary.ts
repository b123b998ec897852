import { expectValue } from "../expect/expect.ts";
import { expectList, isList } from "../expect/lists.ts";
import { text as aString, but, whole } from "../expect/rules.ts";

/** Tokens and their numbers. */
export interface Vocabulary {
	/** How many tokens there are. */
	readonly size: number;
	/** In the order of their ids. */
	readonly tokens: readonly string[];
	/** Text → ids. */
	encode(text: string): number[];
	/** Ids → text. */
	decode(ids: ArrayLike<number>): string;
}

const aText = but(aString, {
	hint: (value) =>
		isList(value) ? 'lines of a text are joined by join("\n")' : undefined,
});

/**
 * The characters of a text, in the order of their code points, numbered from 0.
 * @throws (encode, decode) when a character or an id is not in it.
 */
export function vocabulary(text: string): Vocabulary {
	expectValue("vocabulary", "the text", text, aText);
	const tokens = [...new Set(text)].sort(
		(a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0),
	);
	const ids = new Map(tokens.map((token, id) => [token, id]));
	return {
		size: tokens.length,
		tokens: tokens.slice(),
		encode: (text) => {
			expectValue("vocabulary: encode", "the text", text, aText);
			return Array.from(text, (token) => {
				const id = ids.get(token);
				if (id === undefined)
					throw new Error(
						`vocabulary: ${JSON.stringify(token)} is not one of its ${tokens.length} tokens`,
					);
				return id;
			});
		},
		decode: (ids) =>
			expectList("vocabulary: decode", "ids", ids, whole())
				.map((id) => {
					const token = tokens[id];
					if (token === undefined)
						throw new Error(
							`vocabulary: id ${id} is not one of 0 … ${tokens.length - 1}`,
						);
					return token;
				})
				.join(""),
	};
}
