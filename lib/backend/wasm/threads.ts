import { builtin, environment } from "../platform.ts";
import { afterTermination } from "../termination.ts";
import { type Desk, place, states } from "./calls.ts";
import type { WasmMemory } from "./memory.ts";
import type { Kernels } from "./module.ts";
import type { Shard } from "./shards.ts";

/** Multiplications and additions below which a run stays whole: sharing takes some twenty microseconds. */
const WORTH_SHARING = 2e7;
/** Rows below which a part would leave the products' tiles half empty. */
const FEWEST_ROWS = 8;

/**
 * Threads that run parts of a batch or of a product on the shared memory, one for each further core: in Node, unless UNROLLED_THREADS=1.
 *
 * They are started by the first run that is large enough, and never keep the process alive. Until one has started, and
 * where none can, the caller's thread does its part too, so that results do not depend on it.
 */
export class Threads {
	private readonly module: WebAssembly.Module;
	private readonly memory: WasmMemory;
	private readonly kernels: Kernels;
	private readonly names: string[];
	/** Bytes that a thread needs for its own use. */
	private readonly scratch: number;
	private readonly count = threadsWanted();
	/** Where each thread after the first finds its calls, as words of the memory. */
	private places: number[] | undefined;

	constructor(
		module: WebAssembly.Module,
		memory: WasmMemory,
		kernels: Kernels,
		scratch: number,
	) {
		this.module = module;
		this.memory = memory;
		this.kernels = kernels;
		this.scratch = scratch;
		afterTermination(() => this.settle());
		this.names = Object.keys(kernels).filter((name) =>
			/(Forward|Backward|Part)$/.test(name),
		);
	}

	/** How many threads besides the first wait for calls. */
	get ready(): number {
		const slots = this.memory.words;
		return (this.places ?? []).filter(
			(at) => Atomics.load(slots, at + place.state) === states.ready,
		).length;
	}

	/** The parts of a batch of B sequences, or of B rows of a product, that take so many operations. */
	split(B: number, operations: number): Shard[] {
		const most = Math.floor(B / FEWEST_ROWS);
		const parts = operations < WORTH_SHARING ? 1 : Math.min(this.count, most);
		if (parts <= 1) return [{ from: 0, B }];
		const start = (i: number) => Math.round((B * i) / parts);
		return Array.from({ length: parts }, (_, i) => ({
			from: start(i),
			B: start(i + 1) - start(i),
		}));
	}

	/** Runs a kernel on every part: the first here, the others on the threads that are ready. */
	run(kernel: string, runs: readonly number[]): void {
		const calls = runs.slice(1).map((run, i) => this.call(i, kernel, run));
		this.kernels[kernel](runs[0]);
		calls.forEach((call, i) => {
			if (!call) this.kernels[kernel](runs[i + 1]);
		});
		for (const call of calls) if (call) this.finish(call, kernel);
	}

	/** Waits for runs that a terminated turn has left: what they write must be theirs alone. */
	private settle(): void {
		for (const at of this.places ?? []) this.wait(at);
	}

	/** Where thread `i` works on the run, or undefined when it cannot yet. */
	private call(i: number, kernel: string, run: number): number | undefined {
		this.places ??= this.open();
		const at = this.places[i];
		if (at === undefined) return undefined;
		const slots = this.memory.words;
		if (Atomics.load(slots, at + place.state) === states.starting)
			return undefined;
		this.wait(at); // for a run that an interrupt has thrown away
		slots[at + place.kernel] = this.names.indexOf(kernel);
		slots[at + place.run] = run;
		Atomics.store(slots, at + place.state, states.called);
		Atomics.notify(slots, at + place.state);
		return at;
	}

	private finish(at: number, kernel: string): void {
		this.wait(at);
		if (this.memory.words[at + place.state] === states.failed)
			throw new Error(`${kernel} failed on its thread`);
	}

	/** Waits until a thread has done what it was called for. */
	private wait(at: number): void {
		const slots = this.memory.words;
		const state = at + place.state;
		for (let spins = 0; Atomics.load(slots, state) === states.called; spins++)
			if (spins > 2000) Atomics.wait(slots, state, states.called);
	}

	/** Starts the threads; they say when they are ready. */
	private open(): number[] {
		const threads = builtin<NodeThreads>("node:worker_threads");
		if (!threads) return [];
		const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";
		const file = new URL(`./worker.${suffix}`, import.meta.url);
		return Array.from({ length: this.count - 1 }, () => {
			const at = this.memory.take(64) / 4;
			this.memory.words.fill(states.starting, at, at + 16);
			const workerData: Desk = {
				module: this.module,
				memory: this.memory.memory,
				names: this.names,
				at,
				scratch: this.memory.take(this.scratch),
			};
			new threads.Worker(file, { workerData, execArgv: [] }).unref();
			return at;
		});
	}
}

interface NodeThreads {
	Worker: new (
		file: URL,
		options: object,
	) => {
		unref(): void;
	};
}

/** One for each core, unless UNROLLED_THREADS says otherwise; only the first where there are no threads to start. */
function threadsWanted(): number {
	const cores = builtin<{ availableParallelism(): number }>("node:os");
	if (!cores) return 1;
	const said = Number(environment("UNROLLED_THREADS"));
	return said >= 1 ? Math.floor(said) : cores.availableParallelism();
}
