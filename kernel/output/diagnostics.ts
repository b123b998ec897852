import { relative } from "node:path";
import type ts from "typescript-cells";
import { CompileError } from "../cells/compiler.ts";
import { stock } from "../cells/stock.ts";
import { codeFrame } from "./code-frame.ts";
import { red } from "./colours.ts";
import type { ErrorContent } from "./errors.ts";

const messageOf = ({ messageText }: ts.Diagnostic): string =>
	stock.flattenDiagnosticMessageText(messageText, "\n");

/** One diagnostic: its place, its text, and the line that it is about. */
function explain(diagnostic: ts.Diagnostic, cell: string): string[] {
	const { file, start = 0, length = 0, code } = diagnostic;
	const text = `${red(`TS${code}`)}: ${messageOf(diagnostic)}`;
	if (!file) return [text];
	const own = /__tslab__\.ts$/.test(file.fileName);
	const { line, character } = file.getLineAndCharacterOfPosition(start);
	const skipped = own ? CompileError.linesBefore : 0;
	const source = file.text.split("\n").slice(skipped).join("\n");
	const at = { line: line + 1 - skipped, column: character + 1, width: length };
	const name = own ? cell : relative(process.cwd(), file.fileName);
	return [
		`${name}:${at.line}:${at.column} - ${text}`,
		...codeFrame(source, at),
	];
}

/** Describes why a cell was not run. */
export function describeDiagnostics(
	{ name, diagnostics }: CompileError,
	count: number,
): ErrorContent {
	const lines = diagnostics.map((each) => explain(each, `cell ${count}`));
	return {
		ename: name,
		evalue: messageOf(diagnostics[0]),
		traceback: lines.flat(),
	};
}
