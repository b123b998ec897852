import { relative } from "node:path";
import type ts from "typescript-cells";
import type { CompileError } from "../cells/compile/compiler.ts";
import { stock } from "../cells/compile/typescript.ts";
import { codeFrame } from "./code-frame.ts";
import { red } from "./colours.ts";
import type { ErrorContent } from "./errors.ts";

/** A module in the compiler's words: `Module '"../../lib/dist/index"' has …`. */
const MODULE = /'"[^"']*\/[^"']*"'/;

/** The text of a diagnostic; an imported module is named as in the import, not by its file. */
function messageOf(diagnostic: ts.Diagnostic): string {
	const { messageText } = diagnostic;
	const text = stock.flattenDiagnosticMessageText(messageText, "\n");
	if (!MODULE.test(text)) return text;
	const name = importedAt(diagnostic);
	return name === undefined ? text : text.replace(MODULE, `'"${name}"'`);
}

/** The name of the module that the statement imports or exports from in which a diagnostic lies. */
function importedAt({ file, start }: ts.Diagnostic): string | undefined {
	if (!file || start === undefined) return undefined;
	const statement = file.statements.find(
		({ pos, end }) => pos <= start && start < end,
	);
	if (
		!statement ||
		!(
			stock.isImportDeclaration(statement) ||
			stock.isExportDeclaration(statement)
		)
	)
		return undefined;
	const { moduleSpecifier } = statement;
	return moduleSpecifier && stock.isStringLiteral(moduleSpecifier)
		? moduleSpecifier.text
		: undefined;
}

/** One diagnostic: its position, its text, and the line that it is about. */
function explain(diagnostic: ts.Diagnostic, cell: string): string[] {
	const { file, start = 0, length = 0, code } = diagnostic;
	const text = `${red(`TS${code}`)}: ${messageOf(diagnostic)}`;
	if (!file) return [text];
	const own = /__tslab__\.\d+\.tsx?$/.test(file.fileName);
	const { line, character } = file.getLineAndCharacterOfPosition(start);
	const at = { line: line + 1, column: character + 1, width: length };
	const name = own ? cell : relative(process.cwd(), file.fileName);
	return [
		`${name}:${at.line}:${at.column} - ${text}`,
		...codeFrame(file.text, at),
	];
}

/** "Cannot find name", and the same of a namespace and of a shorthand property. */
const MISSING = new Set([2304, 2503, 18004]);
/** How many other diagnostics are shown with their line. */
const SHOWN = 5;

/** The name that a diagnostic misses. */
function missingIn({ code, file, start, length }: ts.Diagnostic) {
	if (!MISSING.has(code) || !file || start === undefined) return undefined;
	return file.text.slice(start, start + (length ?? 0));
}

/** One line on all names that are not there; most often the cells that define them were not run. */
function adviseOn(names: readonly string[]): string[] {
	if (names.length === 0) return [];
	const list = names.join(", ");
	return [
		names.length === 1
			? `${list} is not defined here. If a cell above defines it, run that cell first.`
			: `${list} are not defined here. If cells above define them, run those first: in JupyterLab, Run → Run All Above Selected Cell.`,
		"",
	];
}

/** Describes why a cell was not run. */
export function describeDiagnostics(
	{ name, diagnostics }: CompileError,
	count: number,
): ErrorContent {
	const cell = `cell ${count}`;
	const missing = new Map<string, ts.Diagnostic>();
	const others: ts.Diagnostic[] = [];
	for (const each of diagnostics) {
		const name = missingIn(each);
		if (name === undefined) others.push(each);
		else if (!missing.has(name)) missing.set(name, each);
	}
	// The line of one missing name helps to find a typing mistake; the lines of many would hide the advice.
	const lone = missing.size === 1;
	const lines = [...missing.values()].flatMap((each) =>
		lone ? explain(each, cell) : explain(each, cell).slice(0, 1),
	);
	lines.push(...others.slice(0, SHOWN).flatMap((each) => explain(each, cell)));
	if (others.length > SHOWN)
		lines.push(`… and ${others.length - SHOWN} more errors`);
	return {
		ename: name,
		evalue: messageOf(diagnostics[0]),
		traceback: [...adviseOn([...missing.keys()]), ...lines],
	};
}
