import { dirname, resolve } from "node:path";
import vm from "node:vm";
import { Doing, Shared } from "../link.ts";
import { type Cell, cellOfContext } from "./cell.ts";
import { Compiler } from "./compiler.ts";
import { type Mapping, META } from "./emit.ts";
import { Modules } from "./modules.ts";
import { Scope } from "./scope.ts";

/** What an interrupted cell ends with. */
export class Interrupted extends Error {
	constructor() {
		super("The cell was interrupted");
		this.name = "Interrupted";
		this.stack = "Interrupted: The cell was interrupted";
	}
}

const HANDLE = Symbol.for("unrolled.kernel.cell");
/** What TypeScript writes to make all exports exist at first: a value from an earlier cell must outlive it. */
const HOISTED = /^(?:exports\.[\p{ID_Continue}$]+ = )+void 0;$/gmu;

const turn = () => new Promise<void>((done) => setImmediate(done));

/** Runs the cells of a notebook in this thread, one at a time, in the global context. */
export class Executor {
	readonly compiler = new Compiler();
	readonly modules: Modules;
	readonly #directory: string;
	readonly #scope = new Scope();
	readonly #doing: Int32Array;
	readonly #maps = new Map<string, Mapping[]>();
	#interrupt: ((error: Interrupted) => void) | undefined;

	constructor(directory: string, shared: Int32Array) {
		this.#directory = directory;
		this.#doing = shared;
		this.modules = new Modules(directory);
	}

	/** The name that a cell has in stack traces. */
	static fileOf(count: number): string {
		return `cell-${count}.ts`;
	}

	/** How to get from a place in what runs to the source, for cells and local modules. */
	mapsOf(file: string): Mapping[] | undefined {
		return this.#maps.get(file) ?? this.modules.mapsOf(file);
	}

	/** Ends the cell that is running; harmless when none is. */
	interrupt(): void {
		this.#interrupt?.(new Interrupted());
	}

	/**
	 * Runs a cell and gives the value of its last expression.
	 * @throws CompileError, {@link Interrupted}, or whatever the cell throws.
	 */
	async run(code: string, cell: Cell): Promise<unknown> {
		const written = this.compiler.addModule(code);
		if (written) {
			this.modules.write(written.path, code);
			return undefined;
		}
		let stop: (error: unknown) => void = () => {};
		const stopped = new Promise<never>((_, reject) => {
			stop = reject;
		});
		stopped.catch(() => {});
		this.#interrupt = stop;
		cell.fail = stop;
		try {
			const compiled = this.compiler.compile(code);
			this.modules.refresh();
			await this.modules.preload(compiled.imports);
			await Promise.race([turn(), stopped]); // an interrupt that came while compiling gets in here
			const file = Executor.fileOf(cell.count);
			this.#maps.set(file, compiled.maps);
			const names: string[] = [];
			const body = compiled.javascript.replace(HOISTED, (line) => {
				names.push(
					...line
						.split(" = ")
						.slice(0, -1)
						.map((each) => each.slice("exports.".length)),
				);
				return "";
			});
			compiled.keep();
			let threw = true;
			try {
				const ended = cellOfContext.run(cell, () =>
					this.#start(body, file, compiled.awaits),
				);
				if (compiled.awaits) await Promise.race([ended, stopped]);
				await Promise.race([turn(), stopped]); // promises that nobody awaits have failed by now
				threw = false;
			} finally {
				Atomics.store(this.#doing, Shared.doing, Doing.kernel);
				this.#scope.declared(names, threw);
			}
			return compiled.last ? this.#scope.take(compiled.last) : undefined;
		} finally {
			this.#interrupt = undefined;
			cell.fail = undefined;
		}
	}

	/** Runs the synchronous part of a cell. */
	#start(body: string, filename: string, awaits: boolean): unknown {
		const parameters = `(exports, require, __filename, __dirname, ${META})`;
		const head = `(${awaits ? "async " : ""}function ${parameters} {`;
		const script = new vm.Script(
			`${head}${body}\n}).apply(undefined, globalThis[Symbol.for("unrolled.kernel.cell")])`,
			{
				filename,
				columnOffset: -head.length,
				importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
			},
		);
		const path = resolve(this.#directory, filename);
		const values = [
			this.#scope.exports,
			this.modules.require,
			path,
			dirname(path),
			this.modules.meta(path),
		];
		Object.defineProperty(globalThis, HANDLE, {
			value: values,
			configurable: true,
		});
		Atomics.store(this.#doing, Shared.doing, Doing.synchronous);
		try {
			return script.runInThisContext({ breakOnSigint: true });
		} catch (error) {
			if (
				(error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED"
			)
				throw new Interrupted();
			throw error;
		} finally {
			Atomics.store(
				this.#doing,
				Shared.doing,
				awaits ? Doing.asynchronous : Doing.kernel,
			);
		}
	}
}
