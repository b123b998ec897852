import type ts from "typescript-cells";
import { type Completion, completionsAt, type Looked } from "./completion.ts";
import { emitted, type Mapping } from "./emit.ts";
import { type Inspection, inspectionAt } from "./inspection.ts";
import { types } from "./program.ts";
import { importsIn } from "./sources.ts";
import { stock } from "./stock.ts";
import {
	createConverter,
	found,
	getCodeMetadata,
	isCompleteCode,
	lastAsked,
} from "./tslab.ts";

/** A cell, ready to run. */
export interface Compiled {
	/** As it was written. */
	source: string;
	javascript: string;
	/** Whether it waits at its top level, so that it has to run as an async function. */
	awaits: boolean;
	/** The export that holds the value of its last expression. */
	last: string | undefined;
	/** What it declares. */
	names: string[];
	/** From the source to what runs, step by step. */
	maps: Mapping[];
	/** Modules that it imports by static imports. */
	imports: string[];
	/** Call it when the cell has begun to run: later cells then know what it declares. */
	keep(): void;
}

/** The compiler's code for a template that has not ended. */
const UNTERMINATED = 1160;

/**
 * What a cell may only be checked with against all types: it imports some, decorates, or computes with types, where
 * one that is missing is no error. Elsewhere it is one, and the cell is then checked again against all.
 */
const ASKS_FOR_MORE = /\b(import|require|keyof|extends|infer)\b|@/;

/** How many milliseconds {@link Compiler.readAhead} waits for more questions after one. */
const PAUSE = 50;

/** What a cell that does not compile is refused with. */
export class CompileError extends Error {
	readonly diagnostics: readonly ts.Diagnostic[];
	/** Lines that stand before the cell's own in the file that the compiler sees. */
	static readonly linesBefore = 1;

	constructor(diagnostics: readonly ts.Diagnostic[]) {
		super("The cell does not compile");
		this.name = "TypeScriptError";
		this.diagnostics = diagnostics;
	}
}

/**
 * Blanks `export` before top-level declarations, since every cell is shared anyway. Positions stay as they are.
 */
export function withoutExports(code: string): string {
	if (!/\bexport\b/.test(code)) return code;
	const file = stock.createSourceFile(
		"cell.ts",
		code,
		stock.ScriptTarget.ES2024,
		true,
	);
	let out = code;
	const blank = (from: number, to: number) => {
		out =
			out.slice(0, from) +
			out.slice(from, to).replace(/[^\n]/g, " ") +
			out.slice(to);
	};
	for (const statement of file.statements) {
		if (stock.isExportAssignment(statement))
			blank(statement.getStart(file), statement.expression.getStart(file));
		else if (
			stock.isExportDeclaration(statement) &&
			!statement.moduleSpecifier
		) {
			blank(statement.getStart(file), statement.end);
		} else if (stock.canHaveModifiers(statement)) {
			for (const modifier of stock.getModifiers(statement) ?? []) {
				const { kind } = modifier;
				const named = "name" in statement && statement.name !== undefined;
				if (
					kind === stock.SyntaxKind.ExportKeyword ||
					(kind === stock.SyntaxKind.DefaultKeyword && named)
				) {
					blank(modifier.getStart(file), modifier.end);
				}
			}
		}
	}
	return out;
}

/** Compiles the cells of one notebook, one after the other; each sees what those before it declared. */
export class Compiler {
	readonly #converter = createConverter({ isJS: false, isBrowser: false });
	readonly #ahead = this.#readAhead();
	#declarations = "";
	/** When somebody last asked for something. */
	#asked = Number.NEGATIVE_INFINITY;

	/**
	 * Reads a part of the types of the language, of Node and of the library, so that the cells which need them need not
	 * wait. Gives the milliseconds after which to go on, since whoever asks for something goes first; undefined at the end.
	 */
	readAhead(): number | undefined {
		if (performance.now() - this.#asked < PAUSE) return PAUSE;
		return this.#ahead.next().done ? undefined : 0;
	}

	*#readAhead(): Generator<void> {
		const prepare = (code: string) =>
			this.#converter.convert(this.#declarations, code);
		prepare("0");
		yield;
		yield* types.readAhead();
		types.whole = true;
		prepare("[1].filter((n) => n > 0).map(String)");
		yield;
		prepare('import * as unrolled from "unrolled";');
	}

	/** @throws CompileError */
	compile(source: string): Compiled {
		const code = withoutExports(source);
		if (ASKS_FOR_MORE.test(code)) types.whole = true;
		let result = this.#convert(code);
		if (found.diagnostics.length && !types.whole) {
			types.whole = true;
			result = this.#convert(code);
		}
		if (found.diagnostics.length) throw new CompileError(found.diagnostics);
		const declarations = result.declOutput ?? "";
		return {
			source,
			javascript: result.output ?? "",
			awaits: result.hasToplevelAwait ?? false,
			last: result.lastExpressionVar,
			names: emitted.names,
			maps: emitted.map ? [emitted.map] : [],
			imports: importsIn(code),
			keep: () => {
				this.#declarations = declarations;
			},
		};
	}

	#convert(code: string) {
		this.#asked = performance.now();
		found.diagnostics = [];
		try {
			return this.#converter.convert(this.#declarations, code);
		} finally {
			this.#asked = performance.now();
		}
	}

	/** Takes a cell that begins with `@module name` as a module that other cells import; null for other cells. */
	addModule(source: string): { name: string; path: string } | null {
		const meta = getCodeMetadata(source);
		if (!meta.module) return null;
		types.whole = true;
		this.#converter.addModule(meta.module, source, meta);
		return {
			name: meta.module,
			path: `${meta.module}.ts${meta.jsx ? "x" : ""}`,
		};
	}

	/** What may stand at a position, and the part of the code that it would replace; in UTF-16 units. */
	complete(code: string, position: number): Completion {
		return completionsAt(this.#look(code), position);
	}

	/** What is known of the name at a position, or of the call that it is in. */
	inspect(code: string, position: number): Inspection | undefined {
		return inspectionAt(this.#look(code), position);
	}

	/** Takes a code into the program without compiling it. */
	#look(code: string): Looked {
		types.whole = true;
		this.#converter.complete(this.#declarations, code, 0);
		const { program, file } = lastAsked() as Omit<Looked, "from">;
		return { program, file, from: file.text.length - code.length };
	}

	/** Whether a console should run what was typed or wait for more. */
	isComplete(
		code: string,
	):
		| { status: "complete" | "invalid" }
		| { status: "incomplete"; indent: string } {
		const answer = isCompleteCode(code);
		if (!answer.completed)
			return { status: "incomplete", indent: answer.indent ?? "" };
		const file = stock.createSourceFile(
			"cell.ts",
			code,
			stock.ScriptTarget.ES2024,
		) as ts.SourceFile & {
			parseDiagnostics: readonly ts.Diagnostic[];
		};
		const codes = file.parseDiagnostics.map((each) => each.code);
		if (codes.includes(UNTERMINATED))
			return { status: "incomplete", indent: "" };
		return { status: codes.length ? "invalid" : "complete" };
	}
}
