import type { WasmMemory } from "./memory.ts";

/** Above either limit, the oldest tapes are moved out of the kernels' memory. */
const MOST_BYTES = 512 * 2 ** 20;
const MOST_TAPES = 256;

/**
 * What each forward keeps for its backward, in the kernels' memory.
 *
 * A forward without a backward would keep its block for ever, since in a loop that never yields no finalizer runs. So the size of all tapes
 * is limited: the oldest are moved to ordinary arrays, which JavaScript collects, and moved back when their backward comes.
 */
export class Tapes {
	private readonly memory: WasmMemory;
	private readonly inside = new Set<SavedBlock>();
	private bytes = 0;

	constructor(memory: WasmMemory) {
		this.memory = memory;
	}

	/** A block for a tape. */
	keep(size: number): SavedBlock {
		while (
			this.inside.size &&
			(this.inside.size >= MOST_TAPES || this.bytes + size > MOST_BYTES)
		)
			this.moveOut(this.oldest());
		const block: SavedBlock = { size, at: this.memory.take(size) };
		this.enter(block);
		return block;
	}

	/** The address of a block, brought back if it had moved out. */
	addressOf(block: SavedBlock): number {
		if (block.outside) {
			block.at = this.memory.take(block.size);
			this.memory.floats.set(block.outside, block.at / 4);
			block.outside = undefined;
			this.enter(block);
		}
		return block.at;
	}

	drop(block: SavedBlock): void {
		if (this.inside.delete(block)) {
			this.bytes -= block.size;
			this.memory.give(block.at, block.size);
		}
		block.outside = undefined;
	}

	private enter(block: SavedBlock): void {
		this.inside.add(block);
		this.bytes += block.size;
	}

	private oldest(): SavedBlock {
		return this.inside.values().next().value as SavedBlock;
	}

	private moveOut(block: SavedBlock): void {
		const { at, size } = block;
		const copy = new Float32Array(size / 4);
		copy.set(this.memory.floats.subarray(at / 4, (at + size) / 4));
		this.drop(block);
		block.outside = copy;
	}
}

/** `at` is an address while the block is inside; `outside` holds its numbers while it is not. */
export interface SavedBlock {
	readonly size: number;
	at: number;
	outside?: Float32Array;
}
