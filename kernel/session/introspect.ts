import type { Compiler } from "../cells/compiler.ts";

/** The protocol counts characters in code points, the compiler in UTF-16 units. */
const unitsOf = (text: string, points: number) =>
	[...text].slice(0, points).join("").length;
const pointsOf = (text: string, units: number) =>
	[...text.slice(0, units)].length;

type Content = Record<string, unknown>;

/** The content of a `complete_reply`. */
export function complete(compiler: Compiler, content: Content): Content {
	const code = String(content.code);
	const { start, end, matches } = compiler.complete(
		code,
		unitsOf(code, Number(content.cursor_pos)),
	);
	return {
		matches,
		cursor_start: pointsOf(code, start),
		cursor_end: pointsOf(code, end),
		metadata: {},
	};
}

/** The content of an `inspect_reply`. */
export function inspect(compiler: Compiler, content: Content): Content {
	const code = String(content.code);
	const found = compiler.inspect(
		code,
		unitsOf(code, Number(content.cursor_pos)),
	);
	if (!found) return { found: false, data: {}, metadata: {} };
	const markdown = `\`\`\`typescript\n${found.declaration}\n\`\`\`\n\n${found.about}`;
	return {
		found: true,
		data: { "text/plain": found.text, "text/markdown": markdown },
		metadata: {},
	};
}
