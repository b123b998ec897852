import type ts from "typescript-cells";
import { cellOptions } from "./compiler-options.ts";
import { type Completion, completionsAt, type Looked } from "./completion.ts";
import { emitCell } from "./emit.ts";
import { type Inspection, inspectionAt } from "./inspection.ts";
import type { Declared } from "./marked-names.ts";
import { CellProgram } from "./program.ts";
import { type Names, shareNames } from "./shared-names.ts";
import type { Mapping } from "./source-map.ts";
import { importsIn, topLevelAwait, withoutShebang } from "./syntax.ts";
import { converterFor, getCodeMetadata, isCompleteCode } from "./tslab.ts";
import { watch } from "./tslab-watch.ts";
import { Level, levelFor } from "./type-levels.ts";
import { stock } from "./typescript.ts";

/** A cell, ready to run. */
export interface Compiled {
	/** As it was written. */
	source: string;
	/** The body of a function. It returns `{ value }`, that of the last expression, when the cell ends in one. */
	javascript: string;
	/** Whether it waits at its top level, so that it has to run as an async function. */
	awaits: boolean;
	/** What it declares. */
	declared: Declared[];
	/** The source maps from the source to the code that runs, one for each step. */
	maps: Mapping[];
	/** Modules that it imports by static imports. */
	imports: string[];
	/** To be called when the cell begins to run: later cells then see what it declares. */
	keep(): void;
}

/** Names that every cell can use, as if an earlier cell had declared them. */
const GIVEN = ["require", "module", "exports", "__filename", "__dirname"];

/** The compiler's code for a template that has not ended. */
const UNTERMINATED = 1160;

/** How many milliseconds {@link Compiler.readAhead} waits for more questions after one. */
const PAUSE = 50;

/** Thrown for a cell that does not compile. */
export class CompileError extends Error {
	readonly diagnostics: readonly ts.Diagnostic[];

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

/** Thrown for a cell that is nested too deeply for the compiler. */
export class TooDeep extends Error {
	constructor() {
		super("The cell nests too deeply to be compiled: split its expressions");
		this.name = "TypeScriptError";
		this.stack = "";
	}
}

/** The compiler's flag for what is declared with `declare`, which its type declarations leave out. */
const AMBIENT = 1 << 25;

/** The names that a cell declares as values. */
function namesOf(file: ts.SourceFile): Omit<Names, "known"> {
	const { SymbolFlags: Flags } = stock;
	const own = new Set<string>();
	const reset = new Set<string>();
	const { locals } = file as unknown as { locals: Map<string, ts.Symbol> };
	for (const [key, { flags, declarations = [] }] of locals) {
		const name = stock.unescapeLeadingUnderscores(key as ts.__String);
		const stands = (each: ts.Node) => (each.flags & AMBIENT) === 0;
		if (!(flags & (Flags.Value | Flags.Alias)) || !declarations.some(stands))
			continue;
		own.add(name);
		const merged = flags & (Flags.Function | Flags.Class | Flags.Variable);
		if (flags & (Flags.Enum | Flags.ValueModule) && !merged) reset.add(name);
	}
	return { own, reset };
}

/** Whether the last statement of a cell that exists at run time is an expression. */
function endsInValue({ statements }: ts.SourceFile): boolean {
	const last = statements.findLast(
		(each) =>
			!stock.isInterfaceDeclaration(each) &&
			!stock.isTypeAliasDeclaration(each) &&
			!stock.isExportDeclaration(each) &&
			!stock.isEmptyStatement(each),
	);
	return last !== undefined && stock.isExpressionStatement(last);
}

/** Compiles the cells of one notebook, one after the other; each sees what those before it declared. */
export class Compiler {
	readonly #program: CellProgram;
	readonly #converter: ReturnType<typeof converterFor>;
	readonly #ahead = this.#readAhead();
	readonly #known = new Set(GIVEN);
	/** How the compiler's last call ended: "cut" when an interrupt terminated its task. */
	#last: "done" | "thrown" | "cut" = "done";
	/** When somebody last asked for something. */
	#asked = Number.NEGATIVE_INFINITY;

	constructor() {
		let program: CellProgram | undefined;
		this.#converter = converterFor((host) => {
			const options = cellOptions(host.sys.getCurrentDirectory());
			program = new CellProgram(options, host.sys);
			return watch(host, program);
		});
		this.#program = program as unknown as CellProgram;
	}

	/** How much of the types cells are checked against. */
	get level(): Level {
		return this.#program.level;
	}

	/**
	 * Reads a part of the types of the language, of Node and of the library, before a cell needs them. Returns after how many
	 * milliseconds to read the next part, since requests go first; undefined when all are read.
	 */
	readAhead(): number | undefined {
		if (performance.now() - this.#asked < PAUSE) return PAUSE;
		return this.#ahead.next().done ? undefined : 0;
	}

	*#readAhead(): Generator<void> {
		const prepare = (code: string) => this.#work(() => this.#compile(code));
		prepare("0");
		yield;
		yield* this.#program.readAhead();
		this.#needs(Level.all);
		prepare("[1].filter((n) => n > 0).map(String)");
		yield;
		prepare('import * as unrolled from "unrolled";');
	}

	/** @throws CompileError, TooDeep */
	compile(source: string): Compiled {
		const code = withoutExports(withoutShebang(source));
		this.#needs(levelFor(code));
		const compiled = this.#work(() => {
			for (;;) {
				const { level } = this;
				const found = this.#compile(code);
				if (level === Level.all) return found;
				if (!found.wrong.length && !this.#program.extend()) return found;
				const imports = level === Level.first && importsIn(code).length > 0;
				if (this.level === level)
					this.#needs(imports ? Level.language : Level.all);
			}
		});
		const { wrong, finish } = compiled;
		if (wrong.length) throw new CompileError(wrong);
		return { source, ...this.#work(finish) };
	}

	#needs(level: Level): void {
		if (this.level < level) this.#program.level = level;
	}

	/** Checks a cell; returns its diagnostics, or else what is needed to emit it. */
	#compile(code: string) {
		const taken = this.#program.take(code);
		const { program, file } = taken;
		const known = (name: string) => this.#known.has(name);
		const finish = () => {
			const { text, map } = emitCell(program, file);
			const names = { ...namesOf(file), known };
			const shared = shareNames(text, names, endsInValue(file));
			const { declared } = shared;
			return {
				javascript: shared.code,
				awaits: topLevelAwait(file) !== undefined,
				declared,
				maps: [shared.map, map],
				imports: importsIn(text),
				keep: () => {
					this.#program.keep(taken);
					for (const { name } of declared) this.#known.add(name);
				},
			};
		};
		return { wrong: this.#program.diagnose(taken), finish };
	}

	/** Calls the compiler; resets it first when its last call did not end. */
	#work<T>(work: () => T): T {
		if (this.#last !== "done") this.#program.reset(this.#last === "cut");
		this.#last = "cut"; // if nothing below is reached
		this.#asked = performance.now();
		try {
			const result = work();
			this.#last = "done";
			return result;
		} catch (error) {
			this.#last = "thrown";
			if (error instanceof RangeError) throw new TooDeep();
			throw error;
		} finally {
			this.#asked = performance.now();
		}
	}

	/** Adds a cell that begins with `@module name` as a module that other cells import; null for other cells. */
	addModule(source: string): { name: string; path: string } | null {
		const meta = getCodeMetadata(source);
		if (!meta.module) return null;
		this.#needs(Level.all);
		const { module: name, jsx } = meta;
		this.#work(() => this.#converter.addModule(name, source, meta));
		return { name, path: `${name}.ts${jsx ? "x" : ""}` };
	}

	/** Completions at a position, and the range of code that they would replace; in UTF-16 units. */
	complete(code: string, position: number): Completion {
		return this.#work(() => completionsAt(this.#look(code), position));
	}

	/** Describes the name at a position, or the call that it is in. */
	inspect(code: string, position: number): Inspection | undefined {
		return this.#work(() => inspectionAt(this.#look(code), position));
	}

	/** Adds code to the program without compiling it. */
	#look(code: string): Looked {
		this.#needs(Level.all);
		return { ...this.#program.take(code), from: 0 };
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
