/** What a thread gets when it starts. */
export interface ThreadData {
	readonly module: WebAssembly.Module;
	readonly memory: WebAssembly.Memory;
	/** The kernels that are called, by index. */
	readonly names: readonly string[];
	/** Its slot: the index of a word of the memory. */
	readonly slot: number;
	/** The address of the bytes for its own use. */
	readonly scratch: number;
}

/** A thread is called by the words of its slot. */
export const slotWords = { state: 0, kernel: 1, run: 2 } as const;
export const states = {
	starting: 0,
	ready: 1,
	called: 2,
	failed: 3,
} as const;
