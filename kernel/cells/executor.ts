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
	 * Runs a cell and gives what `show` makes of the value of its last expression.
	 * @throws CompileError, {@link Interrupted}, or whatever the cell throws.
	 */
	async run<T>(
		code: string,
		cell: Cell,
		show: (value: unknown) => T | Promise<T>,
	): Promise<T> {
		const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
		stopped.catch(() => {});
		this.#running = { number: this.#guard.begin(), stop };
		cell.fail = stop;
		const apart = <R>(work: () => R | Promise<R>) =>
			cellOfContext.run(cell, () => this.#apart(work, stopped));
		try {
			const compiled = this.#guard.shield(() => this.#compile(code));
			if (!compiled) return show(undefined);
			// an interrupt that came while compiling gets in here
			await apart(() => this.modules.preload(compiled.imports));
			const { value } = await this.#execute(compiled, cell, stopped);
			return await apart(() => show(value));
		} finally {
			this.#running = undefined;
			cell.fail = undefined;
		}
	}

	/** Runs code of others in a turn of its own: when an interrupt throws the turn away, there is still somebody to report it. */
	#apart<T>(work: () => T | Promise<T>, stopped: Promise<never>): Promise<T> {
		return new Promise((resolve, reject) => {
			stopped.catch(reject);
			setImmediate(async () => {
				try {
					const result = await work();
					this.#guard.shield(() => resolve(result));
				} catch (error) {
					this.#guard.shield(() => reject(error));
				}
			});
		});
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

	/** Gives the value of the last expression; a promise as it is, hence the wrapping. */
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
		// Around `vm`, Node has no handler for the signal, which would end the process: it may come within only.
		const value = () => {
			this.#guard.now(Doing.synchronous);
			try {
				return cell(...values);
			} finally {
				this.#guard.now(Doing.kernel);
			}
		};
		Object.defineProperty(globalThis, HANDLE, { value, configurable: true });
		this.#guard.now(Doing.kernel);
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
