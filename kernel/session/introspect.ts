import type { Compiler } from "../cells/compile/compiler.ts";
import type { Executor } from "../cells/run/executor.ts";

/** The protocol counts characters in code points, the compiler in UTF-16 units. */
const unitsOf = (text: string, points: number) =>
	[...text].slice(0, points).join("").length;
const pointsOf = (text: string, units: number) =>
	[...text.slice(0, units)].length;

type Content = Record<string, unknown>;

/** The content of a `complete_reply`: completions by type, or by the members of the value where its type says nothing. */
export function complete(executor: Executor, content: Content): Content {
	const code = String(content.code);
	const position = unitsOf(code, Number(content.cursor_pos));
	const typed = executor.compiler.complete(code, position);
	const live = typed.candidates.length
		? undefined
		: executor.members(code.slice(0, position));
	const matches = live?.matches ?? typed.candidates.map(({ text }) => text);
	const cursor_start = pointsOf(code, live?.start ?? typed.start);
	const cursor_end = pointsOf(code, live ? position : typed.end);
	const range = { start: cursor_start, end: cursor_end };
	const kinds = live
		? matches.map((text) => ({ ...range, text, type: "property" }))
		: typed.candidates.map(({ text, kind: type }) => ({
				...range,
				text,
				type,
			}));
	return {
		matches,
		cursor_start,
		cursor_end,
		metadata: { _jupyter_types_experimental: kinds },
	};
}

/** The content of an `inspect_reply`. */
export function inspect(compiler: Compiler, content: Content): Content {
	const code = String(content.code);
	const position = unitsOf(code, Number(content.cursor_pos));
	const found = compiler.inspect(code, position);
	if (!found) return { found: false, data: {}, metadata: {} };
	const { declaration, about } = found;
	return {
		found: true,
		data: {
			"text/plain": `${declaration}\n\n${about}`.trim(),
			"text/markdown": `\`\`\`typescript\n${declaration}\n\`\`\`\n\n${about}`,
		},
		metadata: {},
	};
}
