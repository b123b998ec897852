import { resolve } from "node:path";
import vm from "node:vm";
import type { Guard } from "../guard.ts";
import { Doing } from "../link.ts";
import { type Cell, cellOfContext } from "./cell.ts";
import { type Compiled, Compiler } from "./compiler.ts";
import { membersAt } from "./members.ts";
import { compileFunction, Modules } from "./modules.ts";
import { Places } from "./places.ts";
import { Scope } from "./scope.ts";

/** What an interrupted cell ends with. */
export class Interrupted extends Error {
	/** Takes a reason when it was the kernel that had to interrupt, for want of memory. */
	constructor(why?: string) {
		super(why ?? "The cell was interrupted");
		this.name = why ? "OutOfMemory" : "Interrupted";
		this.stack = "";
	}
}

/** Only code that `vm` runs can be ended by a signal: this script calls the cell that has been left under the name. */
const HANDLE = Symbol.for("unrolled.kernel.cell");
const CALL = new vm.Script('globalThis[Symbol.for("unrolled.kernel.cell")]()', {
	filename: "unrolled.kernel.cell",
});
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const turn = () => new Promise<void>((done) => setImmediate(done));

/** Runs the cells of a notebook in this thread, one at a time, in the global context. */
export class Executor {
	readonly compiler = new Compiler();
	readonly modules: Modules;
	/** Where the code that runs came from. */
	readonly places: Places;
	readonly #directory: string;
	readonly #guard: Guard;
	readonly #scope = new Scope();
	/** The number of the cell that runs, among those begun, and the way to end it. */
	#running: { number: number; stop: (error: unknown) => void } | undefined;

	constructor(directory: string, guard: Guard) {
		this.#directory = directory;
		this.#guard = guard;
		this.modules = new Modules(directory);
		this.places = new Places((path) => this.modules.sources.mapsOf(path));
	}

	/** Ends the cell that is running, unless a signal was meant to end another one; harmless when none is. */
	interrupt({
		signalled,
		why,
	}: {
		signalled?: number;
		why?: string;
	} = {}): void {
		const { number, stop } = this.#running ?? {};
		if (signalled === undefined || signalled === number)
			stop?.(new Interrupted(why));
	}

	/**
	 * Runs a cell and gives the value of its last expression; a promise as it is, hence the wrapping.
	 * @throws CompileError, {@link Interrupted}, or whatever the cell throws.
	 */
	async run(code: string, cell: Cell): Promise<{ value: unknown }> {
		const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
		stopped.catch(() => {});
		this.#running = { number: this.#guard.begin(), stop };
		cell.fail = stop;
		try {
			const compiled = this.#guard.shield(() => this.#compile(code));
			if (!compiled) return { value: undefined };
			await this.modules.preload(compiled.imports);
			await Promise.race([turn(), stopped]); // an interrupt that came while compiling gets in here
			return await this.#execute(compiled, cell, stopped);
		} finally {
			this.#running = undefined;
			cell.fail = undefined;
		}
	}

	/** The members of the value that a code ends in, for completion. */
	members(code: string): ReturnType<typeof membersAt> {
		return membersAt(code, this.#scope.exports);
	}

	/** Compiles a cell; undefined when it is a module for other cells. */
	#compile(code: string): Compiled | undefined {
		const written = this.compiler.addModule(code);
		if (written) this.modules.sources.write(written.path, code);
		this.modules.refresh();
		return written ? undefined : this.compiler.compile(code);
	}

	async #execute(
		compiled: Compiled,
		cell: Cell,
		stopped: Promise<never>,
	): Promise<{ value: unknown }> {
		const { source, maps, names, javascript, awaits } = compiled;
		const file = this.places.add(cell.count, source, maps);
		compiled.keep();
		let threw = true;
		try {
			const start = () => this.#start(javascript, file, awaits);
			const ended = cellOfContext.run(cell, start);
			if (awaits) await this.#end(ended as Promise<unknown>, stopped);
			await Promise.race([turn(), stopped]); // promises that nobody awaits have failed by now
			threw = false;
		} catch (error) {
			// the message of the interrupt that a signal went ahead of says why
			if (error instanceof Interrupted)
				await Promise.race([pause(20), stopped]);
			throw error;
		} finally {
			this.#scope.declared(names, threw);
		}
		const { last } = compiled;
		return { value: last && this.#scope.take(last) };
	}

	/** Waits for the end of a cell. What reports it is shielded: either it is heard, or the interrupt is. */
	#end(ended: Promise<unknown>, stopped: Promise<never>): Promise<void> {
		return new Promise((resolve, reject) => {
			stopped.catch(reject);
			ended.then(
				() => this.#guard.shield(resolve),
				(error) => this.#guard.shield(() => reject(error)),
			);
		});
	}

	/** Runs the synchronous part of a cell. */
	#start(body: string, filename: string, awaits: boolean): unknown {
		const cell = compileFunction(body, filename, awaits);
		const { exports } = this.#scope;
		const path = resolve(this.#directory, filename);
		const values = this.modules.valuesFor(path, { exports });
		const value = () => cell(...values);
		Object.defineProperty(globalThis, HANDLE, { value, configurable: true });
		this.#guard.now(Doing.synchronous);
		try {
			return CALL.runInThisContext({
				breakOnSigint: true,
				displayErrors: false,
			});
		} catch (error) {
			const { code } = (error ?? {}) as { code?: string };
			if (code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw new Interrupted();
			throw error;
		} finally {
			this.#guard.now(Doing.open);
		}
	}
}
