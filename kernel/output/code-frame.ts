/** A position in code: line and column count from 1; `width` is the length of the marked part. */
interface Mark {
	line: number;
	column: number;
	width?: number;
}

/** Shows a line of code with two before it, and a mark under the position. No lines for a position outside of the code. */
export function codeFrame(
	text: string,
	{ line, column, width = 1 }: Mark,
): string[] {
	const lines = text.split("\n");
	const marked = lines[line - 1];
	if (marked === undefined) return [];
	const digits = String(line).length;
	const shown: string[] = [];
	for (let at = Math.max(1, line - 2); at <= line; at++) {
		const sign = at === line ? ">" : " ";
		shown.push(`${sign} ${String(at).padStart(digits)} | ${lines[at - 1]}`);
	}
	const before = marked.slice(0, column - 1).replace(/[^\t]/g, " ");
	const rest = Math.max(1, marked.length - column + 1);
	const mark = "^".repeat(Math.min(Math.max(1, width), rest));
	return [...shown, `  ${" ".repeat(digits)} | ${before}${mark}`];
}
