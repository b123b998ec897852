import { builtin, environment } from "../platform.ts";
import { afterTermination } from "../termination.ts";
import { slotWords, states, type ThreadData } from "./calls.ts";
import type { WasmMemory } from "./memory.ts";
import type { Kernels } from "./module.ts";
import type { Shard } from "./shards.ts";

/** Multiplications and additions below which a run is not split: splitting takes some twenty microseconds. */
const WORTH_SPLITTING = 2e7;
/** Parts of fewer rows would leave the tiles of products half empty. */
const FEWEST_ROWS = 8;

/**
 * Threads that run parts of a batch or of a product on the shared memory: in Node, one for each core besides the first, unless
 * UNROLLED_THREADS says otherwise.
 *
 * The first run that is large enough starts them, and they never keep the process alive. Until a thread has started, or where there are
 * none, the calling thread runs all parts itself. The parts are the same, so results are too.
 */
export class Threads {
	private readonly module: WebAssembly.Module;
	private readonly memory: WasmMemory;
	private readonly kernels: Kernels;
	private readonly names: string[];
	/** Bytes that a thread needs for its own use. */
	private readonly scratch: number;
	private readonly count = threadsWanted();
	/** The slot of each thread after the first: the index of a word of the memory. */
	private slots: number[] | undefined;

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
		this.names = Object.keys(kernels);
	}

	/** How many threads besides the first wait for calls. */
	get ready(): number {
		const words = this.memory.words;
		return (this.slots ?? []).filter(
			(slot) => Atomics.load(words, slot + slotWords.state) === states.ready,
		).length;
	}

	/** The parts of a batch of B sequences, or of B rows of a product, that take so many operations. */
	split(B: number, operations: number): Shard[] {
		const most = Math.floor(B / FEWEST_ROWS);
		const parts = operations < WORTH_SPLITTING ? 1 : Math.min(this.count, most);
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

	/** Waits for the runs of a terminated task: they still write to its memory. */
	private settle(): void {
		for (const slot of this.slots ?? []) this.wait(slot);
	}

	/** Calls thread `i`, and returns its slot; undefined when it has not started yet. */
	private call(i: number, kernel: string, run: number): number | undefined {
		this.slots ??= this.open();
		const slot = this.slots[i];
		if (slot === undefined) return undefined;
		const words = this.memory.words;
		if (Atomics.load(words, slot + slotWords.state) === states.starting)
			return undefined;
		this.wait(slot); // it may still run for a task that was terminated
		words[slot + slotWords.kernel] = this.names.indexOf(kernel);
		words[slot + slotWords.run] = run;
		Atomics.store(words, slot + slotWords.state, states.called);
		Atomics.notify(words, slot + slotWords.state);
		return slot;
	}

	private finish(slot: number, kernel: string): void {
		this.wait(slot);
		if (this.memory.words[slot + slotWords.state] === states.failed)
			throw new Error(`${kernel} failed on its thread`);
	}

	/** Waits until a thread has finished its call. */
	private wait(slot: number): void {
		const words = this.memory.words;
		const state = slot + slotWords.state;
		for (let spins = 0; Atomics.load(words, state) === states.called; spins++)
			if (spins > 2000) Atomics.wait(words, state, states.called);
	}

	/** Starts the threads; each sets its state when it is ready. */
	private open(): number[] {
		const threads = builtin<NodeThreads>("node:worker_threads");
		if (!threads) return [];
		const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";
		const file = new URL(`./worker.${suffix}`, import.meta.url);
		return Array.from({ length: this.count - 1 }, () => {
			const slot = this.memory.take(64) / 4;
			this.memory.words.fill(states.starting, slot, slot + 16);
			const workerData: ThreadData = {
				module: this.module,
				memory: this.memory.memory,
				names: this.names,
				slot,
				scratch: this.memory.take(this.scratch),
			};
			new threads.Worker(file, { workerData, execArgv: [] }).unref();
			return slot;
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
