import type { WasmMemory } from "./memory.ts";

/** Up to so many numbers an array holds by itself. */
const TINY = 16;
/** Up to so many, arrays lie in buffers of `SHARED` numbers: the engine takes a microsecond to make one. */
const SMALL = 1024;
const SHARED = 8192;
/** From so many on a block of the kernels' memory is worth its keeping, and a call of a kernel what it takes. */
export const LARGE = 4096;

/** Arrays for the length of one call: those that lie in the kernels' memory where they are, the others as copies. */
export class Arrays {
	private readonly memory: WasmMemory;
	private shared = new Float32Array(0);
	private used = 0;

	constructor(memory: WasmMemory) {
		this.memory = memory;
	}

	/** Does `work`; what it borrows goes back at its end. */
	within<T>(work: () => T): T {
		try {
			return work();
		} finally {
			this.memory.endCall();
		}
	}

	inside(array: Float32Array): boolean {
		return this.memory.addressOf(array) !== undefined;
	}

	/** Where to read an array. */
	from(array: Float32Array | Int32Array): number {
		const there = this.memory.addressOf(array);
		if (there !== undefined) return there;
		const at = this.memory.borrow(array.length * 4);
		const { words, floats } = this.memory;
		if (array instanceof Int32Array) words.set(array, at / 4);
		else floats.set(array, at / 4);
		return at;
	}

	/** Where to write an array, whatever it holds; `settle` afterwards. */
	to(array: Float32Array): number {
		return this.memory.addressOf(array) ?? this.memory.borrow(array.length * 4);
	}

	/** Brings an array what was written for it at `at`. */
	settle(array: Float32Array, at: number): void {
		if (!this.inside(array)) this.copyTo(array, at);
	}

	/** An array for a result, whatever it holds: a large one in the kernels' memory, where nobody has to copy it. */
	spare(count: number): Float32Array {
		if (count > TINY && count <= SMALL) return this.share(count);
		const inside = count < LARGE ? undefined : this.memory.spare(count);
		return inside ?? new Float32Array(count);
	}

	private share(count: number): Float32Array {
		if (this.used + count > this.shared.length) {
			this.shared = new Float32Array(SHARED);
			this.used = 0;
		}
		const part = new Float32Array(this.shared.buffer, this.used * 4, count);
		this.used += count;
		return part;
	}

	/** A new array of the numbers at an address. */
	read(at: number, count: number): Float32Array {
		const out = this.spare(count);
		this.copyTo(out, at);
		return out;
	}

	clear(at: number, count: number): void {
		this.memory.floats.fill(0, at / 4, at / 4 + count);
	}

	private copyTo(array: Float32Array, at: number): void {
		const { floats } = this.memory;
		const start = at / 4;
		if (array.length < 32)
			for (let i = 0; i < array.length; i++) array[i] = floats[start + i];
		else array.set(floats.subarray(start, start + array.length));
	}
}
