import type { Compiler } from "../cells/compiler.ts";
import type { Executor } from "../cells/executor.ts";

/** The protocol counts characters in code points, the compiler in UTF-16 units. */
const unitsOf = (text: string, points: number) =>
	[...text].slice(0, points).join("").length;
const pointsOf = (text: string, units: number) =>
	[...text.slice(0, units)].length;

type Content = Record<string, unknown>;

/** The content of a `complete_reply`: what the types allow, or what the value has when its type says nothing. */
export function complete(executor: Executor, content: Content): Content {
	const code = String(content.code);
	const position = unitsOf(code, Number(content.cursor_pos));
	const typed = executor.compiler.complete(code, position);
	const live = typed.matches.length
		? undefined
		: executor.members(code.slice(0, position));
	const { matches, start, end } = live ? { ...live, end: position } : typed;
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
