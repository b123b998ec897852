import { resolve } from "node:path";
import vm from "node:vm";
import type { Guard } from "../../guard.ts";
import { cutCells, leaveContext, stopCell } from "../../life/begun.ts";
import { type Cell, cellOfContext } from "../../life/cell.ts";
import { restoreListeners, runWithSigint } from "../../life/own-listeners.ts";
import { inTask } from "../../life/tasks.ts";
import { attempt, propertyOf } from "../../safely.ts";
import { repair } from "../../termination.ts";
import { type Compiled, Compiler } from "../compile/compiler.ts";
import { OWN } from "../compile/shared-names.ts";
import {
	compileFunction,
	type GivenPackages,
	Modules,
	reader,
} from "../modules/modules.ts";
import { membersAt } from "./live-members.ts";
import { Scope } from "./scope.ts";
import { SourcePositions } from "./source-positions.ts";

/** The error that an interrupted cell ends with. */
export class Interrupted extends Error {
	/** `reason` says why, where the kernel itself interrupted the cell: memory was running out. */
	constructor(why?: string) {
		super(why ?? "The cell was interrupted");
		this.name = why ? "OutOfMemory" : "Interrupted";
		this.stack = "";
	}
}

/** SIGINT can end only code that `vm` runs: this script calls the cell, which is stored under a global name. */
const HANDLE = Symbol.for("unrolled.kernel.cell");
const CALL = new vm.Script('globalThis[Symbol.for("unrolled.kernel.cell")]()', {
	filename: "unrolled.kernel.cell",
});

/** Takes what it needs of a module. */
type Take = (read: ReturnType<typeof reader>) => void;

/** Runs the cells of a notebook in this thread, one at a time, in the global context. */
export class Executor {
	readonly compiler = new Compiler();
	readonly modules: Modules;
	/** Where the code that runs came from. */
	readonly positions: SourcePositions;
	readonly #guard: Guard;
	readonly #scope = new Scope();
	/** Report the ends of stopped cells. */
	readonly #stopped = new Set<() => void>();
	/** Functions that end the running code of cells. */
	readonly #stops = new Set<(error: unknown) => void>();

	constructor(directory: string, guard: Guard, given: GivenPackages) {
		this.#guard = guard;
		this.modules = new Modules(directory, guard, given);
		this.positions = new SourcePositions((path) =>
			this.modules.sources.mapsOf(path),
		);
		this.#give(resolve(directory, "cell.ts"));
	}

	/** The values for the parameters of a cell: what every module has, and what its imports need. */
	#give(path: string): void {
		const scope = this.#scope;
		const module = { exports: {} };
		const [exports, require, , __filename, __dirname, meta, ...own] =
			this.modules.valuesFor(path, module);
		const [load, awaited, awaitedEach] = own;
		const link = (id: string, names: Record<string, string | Take>) => {
			const read = reader((require as NodeJS.Require)(id));
			for (const [name, exported] of Object.entries(names))
				if (typeof exported === "string")
					scope.bind(name, () => read(exported));
				else exported(read);
		};
		const given = {
			...{ exports, require, module, __filename, __dirname },
			...{ [OWN.meta]: meta, [OWN.import]: load, [OWN.link]: link },
			...{ [OWN.await]: awaited, [OWN.awaitEach]: awaitedEach },
		};
		for (const [name, value] of Object.entries(given)) scope.set(name, value);
	}

	/** Stops the cells that run, and the one whose task was terminated; does nothing when there is none. */
	interrupt(why?: string): void {
		inTask(leaveContext);
		restoreListeners();
		this.modules.dropUnfinished();
		for (const cell of cutCells()) stopCell(cell, new Interrupted(why));
		for (const stop of [...this.#stops]) stop(new Interrupted(why));
	}

	/** Reports the ends of the stopped cells, in a task of its own; again where that task was terminated. */
	endStopped(): void {
		inTask(() => {
			for (const over of this.#stopped) {
				over();
				this.#stopped.delete(over);
			}
		});
	}

	/**
	 * Runs a cell, and returns what `show` returns for the value of its last expression. The guard is held.
	 * @throws CompileError, {@link Interrupted}, or what the cell throws.
	 */
	async run<T>(
		code: string,
		cell: Cell,
		show: (value: unknown) => T | Promise<T>,
	): Promise<T> {
		const compiled = await this.apart(cell, () => this.#compile(code));
		if (!compiled) return show(undefined);
		const { source, maps, declared, javascript, awaits, imports } = compiled;
		if (imports.length)
			await this.apart(cell, () => this.modules.preload(imports));
		const file = this.positions.add(cell.count, source, maps);
		compiled.keep();
		this.#scope.declare(declared);
		return this.apart(cell, async () => {
			const ended = this.#start(javascript, file, awaits);
			const last = awaits ? await ended : ended;
			return show((last as { value: unknown } | undefined)?.value);
		});
	}

	/**
	 * Runs the reader's code in a task of its own, without the guard. It ends when its promise does, when something fails
	 * that it left behind, or with {@link Interrupted}, and in these two cases all that it began ends with it; the guard is
	 * held again by then.
	 */
	apart<T>(cell: Cell, work: () => T | Promise<T>): Promise<T> {
		return new Promise((resolve, reject) => {
			let failed = false;
			let over: (() => void) | undefined;
			const end = (settle: () => void) => {
				if (!this.#stops.has(stop)) return;
				this.#guard.hold();
				this.#stops.delete(stop);
				if (over) this.#stopped.delete(over);
				cell.fail = undefined;
				settle();
			};
			// The end is reported in a task of its own: by then `finally` blocks and loops of promises have ended or failed.
			const fail = (error: unknown) => {
				failed = true;
				inTask(() => end(() => reject(error)));
			};
			const succeed = (result: T) =>
				inTask(() => failed || end(() => resolve(result)));
			const stop = (error: unknown) => {
				over = () => end(() => reject(error));
				this.#stopped.add(over);
				this.#guard.shield(() => stopCell(cell, error));
				fail(error);
			};
			this.#stops.add(stop);
			cell.fail = stop;
			queueMicrotask(() => this.#guard.release()); // by then somebody waits for the end
			inTask(async () => {
				if (cell.life.over) return fail(new Interrupted()); // before it began
				try {
					succeed(await cellOfContext.run(cell, work));
				} catch (error) {
					if (attempt(() => error instanceof Interrupted, false)) stop(error);
					else fail(error);
				}
			});
		});
	}

	/** The members of the value at the end of a piece of code, for completion. */
	members(code: string): ReturnType<typeof membersAt> {
		return membersAt(code, (name) => this.#scope.peek(name));
	}

	/** Compiles a cell; undefined when it is a module for other cells. */
	#compile(code: string): Compiled | undefined {
		const written = this.compiler.addModule(code);
		if (written) this.modules.sources.write(written.path, code);
		this.modules.refresh();
		return written ? undefined : this.compiler.compile(code);
	}

	/** Runs the synchronous part of a cell; a promise of the rest when it awaits. */
	#start(body: string, filename: string, awaits: boolean): unknown {
		const value = compileFunction(body, filename, awaits, []);
		Object.defineProperty(globalThis, HANDLE, { value, configurable: true });
		const { holders } = this.#guard;
		try {
			const options = { breakOnSigint: true, displayErrors: false };
			return runWithSigint(() => CALL.runInThisContext(options));
		} catch (error) {
			const code = propertyOf(error, "code");
			if (code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw error;
			this.#guard.restore(holders);
			repair();
			throw new Interrupted();
		}
	}
}
