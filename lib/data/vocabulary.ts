/** Tokens and their numbers. */
export interface Vocabulary {
	/** How many tokens there are. */
	readonly size: number;
	/** In the order of their ids. */
	readonly tokens: readonly string[];
	/** Text → ids. */
	encode(text: string): number[];
	/** Ids → text. */
	decode(ids: readonly number[]): string;
}

/**
 * The characters of a text, in the order of their code points, numbered from 0.
 * @throws (encode, decode) when a character or an id is not in it.
 */
export function vocabulary(text: string): Vocabulary {
	const tokens = [...new Set(text)].sort(
		(a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0),
	);
	const ids = new Map(tokens.map((token, id) => [token, id]));
	return {
		size: tokens.length,
		tokens,
		encode: (text) =>
			Array.from(text, (token) => {
				const id = ids.get(token);
				if (id === undefined)
					throw new Error(
						`vocabulary: ${JSON.stringify(token)} is not one of its ${tokens.length} tokens`,
					);
				return id;
			}),
		decode: (ids) =>
			ids
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
