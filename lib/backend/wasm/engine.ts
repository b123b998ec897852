import { K_BLOCK, MOST_ROWS, N_BLOCK, PANEL } from "./constants.ts";
import { WasmMemory } from "./memory.ts";
import { type Build, instantiate, type Kernels } from "./module.ts";
import { Threads } from "./threads.ts";

/** An instance of the kernels' module: its functions, its memory and its threads. */
export interface Engine {
	readonly build: Build;
	readonly module: WebAssembly.Module;
	readonly memory: WasmMemory;
	readonly kernels: Kernels;
	/** The address where a product packs a block of its second matrix, `WORK` bytes. */
	readonly work: number;
	readonly threads: Threads;
}

/** Bytes of a packed block of a product. */
export const WORK = K_BLOCK * N_BLOCK * 4;
/** Bytes of scratch memory for each thread: a gathered tile of one matrix, and a tile wider than what is left of the result. */
const SCRATCH = (K_BLOCK * MOST_ROWS + MOST_ROWS * PANEL) * 4;

/** Instantiates a compiled module with a memory of its own. */
export function start(build: Build, module: WebAssembly.Module): Engine {
	const memory = new WasmMemory();
	const kernels = instantiate(module, memory.memory);
	kernels.setScratch(memory.take(SCRATCH));
	const threads = new Threads(module, memory, kernels, SCRATCH);
	return { build, module, memory, kernels, work: memory.take(WORK), threads };
}
