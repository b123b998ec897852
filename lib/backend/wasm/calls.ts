/** What a thread is given. */
export interface Desk {
	readonly module: WebAssembly.Module;
	readonly memory: WebAssembly.Memory;
	/** The kernels that are called, by index. */
	readonly names: readonly string[];
	/** Its place for calls: a word of the memory. */
	readonly at: number;
	/** Room for its own use. */
	readonly scratch: number;
}

/** The words of a thread's place, and what its state may be. */
export const place = { state: 0, kernel: 1, run: 2 } as const;
export const states = {
	starting: 0,
	ready: 1,
	called: 2,
	failed: 3,
} as const;
