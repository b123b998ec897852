import type ts from "typescript-cells";
import { CompileError } from "../cells/compiler.ts";
import { stock } from "../cells/stock.ts";
import type { ErrorContent } from "./errors.ts";

/** One diagnostic as `place - error TS2322: text`, with the line and a mark under what it is about. */
function lines({
	file,
	start = 0,
	length = 0,
	code,
	messageText,
}: ts.Diagnostic): string[] {
	const text = stock.flattenDiagnosticMessageText(messageText, "\n");
	if (!file) return [`error TS${code}: ${text}`];
	const cell = /__tslab__\.ts$/.test(file.fileName);
	const { line, character } = file.getLineAndCharacterOfPosition(start);
	const source = file.text.split("\n")[line] ?? "";
	const row = cell ? line - CompileError.linesBefore + 1 : line + 1;
	const place = `${cell ? "" : `${file.fileName}:`}${row}:${character + 1}`;
	const width = Math.max(1, Math.min(length, source.length - character));
	const number = String(row);
	return [
		`${place} - error TS${code}: ${text}`,
		`${number} | ${source.replace(/\t/g, " ")}`,
		`${" ".repeat(number.length)} | ${" ".repeat(character)}${"~".repeat(width)}`,
	];
}

/** Describes why a cell was not run. */
export function describeDiagnostics({
	name,
	diagnostics,
}: CompileError): ErrorContent {
	const [first] = diagnostics;
	const evalue = stock.flattenDiagnosticMessageText(first.messageText, "\n");
	return { ename: name, evalue, traceback: diagnostics.flatMap(lines) };
}
