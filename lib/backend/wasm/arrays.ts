import type { WasmMemory } from "./memory.ts";

/** Arrays of up to so many numbers are stored by V8 in the object itself. */
const TINY = 16;
/** Arrays of up to so many numbers share buffers of `SHARED` numbers: the engine takes a microsecond to make a buffer. */
const SMALL = 1024;
const SHARED = 8192;
/** From so many numbers on, calling a kernel, and a block of its memory, are worth their overhead. */
export const LARGE = 4096;

/** The addresses of arrays during one call: those in the kernels' memory are used where they are, the others are copied. */
export class Arrays {
	private readonly memory: WasmMemory;
	private shared = new Float32Array(0);
	private used = 0;

	constructor(memory: WasmMemory) {
		this.memory = memory;
	}

	/** Does `work`, and frees what it has borrowed. */
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

	/** An address where the kernels can read an array. */
	from(array: Float32Array | Int32Array): number {
		const there = this.memory.addressOf(array);
		if (there !== undefined) return there;
		const at = this.memory.borrow(array.length * 4);
		const { words, floats } = this.memory;
		if (array instanceof Int32Array) words.set(array, at / 4);
		else floats.set(array, at / 4);
		return at;
	}

	/** An address where the kernels can write an array, uninitialised. Call `settle` afterwards. */
	to(array: Float32Array): number {
		return this.memory.addressOf(array) ?? this.memory.borrow(array.length * 4);
	}

	/** Copies into an array what was written for it at `at`, unless that is the array itself. */
	settle(array: Float32Array, at: number): void {
		if (!this.inside(array)) this.copyTo(array, at);
	}

	/** An uninitialised array for a result: a large one in the kernels' memory, so that it needs no copy. */
	uninitialised(count: number): Float32Array {
		if (count > TINY && count <= SMALL) return this.share(count);
		const inside = count < LARGE ? undefined : this.memory.uninitialised(count);
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
		const out = this.uninitialised(count);
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
