import { outOfMemory } from "../platform.ts";
import { uninterrupted } from "../termination.ts";
import { Garbage } from "./garbage.ts";

const PAGE = 65536;
/** 4 GB, but for the last page, so that the end of a block still has a 32-bit address. */
const LIMIT = 65535 * PAGE;
const FIRST = 16 * 2 ** 20;
/** Blocks start at multiples of a cache line. */
const LINE = 64;
/** Bytes kept ready between calls; what a call needs beyond them is freed at its end. */
const ARENA = 4 * 2 ** 20;

/** Results are allocated here up to so many bytes in use: the rest is for what must be here. */
const RESULTS = LIMIT / 2;

const FOR = "float32 kernels";

interface Block {
	at: number;
	size: number;
}

/** A block under a typed array of JavaScript's; `buffer` is that array's own buffer object, so that a subarray keeps the block as well. */
interface Held extends Block {
	buffer: WeakRef<ArrayBufferLike>;
}

/**
 * The kernels' memory, up to 4 GB. It is shared, so that threads can use it, and views stay valid when it grows.
 *
 * A block lasts until it is given back (`take`, `give`), until its array is garbage-collected (`allocate`, `uninitialised`), or until
 * the end of the call (`borrow`, `endCall`).
 */
export class WasmMemory {
	readonly memory = new WebAssembly.Memory({
		initial: FIRST / PAGE,
		maximum: LIMIT / PAGE + 1,
		shared: true,
	});
	/** All of the memory as it is now. */
	floats: Float32Array = new Float32Array(this.memory.buffer);
	words: Int32Array = new Int32Array(this.memory.buffer);
	private readonly buffers = new WeakSet<ArrayBufferLike>();
	/** Free blocks, sorted by address; adjacent ones are merged. */
	private free: Block[] = [];
	private held: Held[] = [];
	/** Nothing from here on is in use. The first page is the module's own, with its tables of constants. */
	private end = PAGE;
	private taken = 0;
	private readonly garbage = new Garbage();

	private readonly arena: number;
	private borrowed = 0;
	private extra: Block[] = [];

	constructor() {
		this.arena = this.take(ARENA);
	}

	/** Bytes in use. */
	get used(): number {
		return this.taken;
	}

	/** The address of `size` uninitialised bytes, until they are given back. */
	take(size: number): number {
		const wanted = roundUp(size);
		const at = this.reuse(wanted) ?? this.extend(wanted);
		this.taken += wanted;
		return at;
	}

	/** Frees a block. A task that is terminated in here may lose it, but no block is ever both free and in use. */
	give(at: number, size: number): void {
		const freed = { at, size: roundUp(size) };
		this.taken -= freed.size;
		let i = this.free.length;
		while (i > 0 && this.free[i - 1].at > at) i--;
		const before = this.free[i - 1];
		const after = this.free[i];
		if (after && freed.at + freed.size === after.at) {
			freed.size += after.size;
			this.free.splice(i, 1);
		}
		if (before && before.at + before.size === freed.at)
			before.size += freed.size;
		else this.free.splice(i, 0, freed);
		const last = this.free[this.free.length - 1];
		if (last.at + last.size === this.end) {
			this.free.pop();
			this.end = last.at;
		}
	}

	/**
	 * `count` zeros that live until neither the array nor a view on it can be reached any more.
	 * @throws when the memory is full, with how much was wanted and how much was left.
	 */
	allocate(count: number): Float32Array {
		if (count === 0) return new Float32Array(0);
		return this.hold(count)?.fill(0) ?? new Float32Array(count);
	}

	/**
	 * `count` uninitialised numbers for a result, which last as long as those of `allocate`. Undefined where results should be ordinary
	 * arrays: little memory is left, or this engine cannot be told to collect garbage.
	 */
	uninitialised(count: number): Float32Array | undefined {
		if (!this.garbage.collectable || this.taken + count * 4 > RESULTS)
			return undefined;
		try {
			return this.hold(count);
		} catch {
			return undefined;
		}
	}

	/** The address of an array in this memory; undefined when it is elsewhere, or very short. */
	addressOf(array: Float32Array | Int32Array): number | undefined {
		// V8 creates the buffer of a short array only when asked for it; copying the numbers is faster.
		if (array.length > 16 && this.buffers.has(array.buffer))
			return array.byteOffset;
		return undefined;
	}

	/** The address of `size` uninitialised bytes, until the end of the call. */
	borrow(size: number): number {
		const wanted = roundUp(size);
		if (this.borrowed + wanted <= ARENA) {
			this.borrowed += wanted;
			return this.arena + this.borrowed - wanted;
		}
		const at = this.take(wanted);
		this.extra.push({ at, size: wanted });
		return at;
	}

	endCall(): void {
		this.borrowed = 0;
		while (this.extra.length) {
			const { at, size } = this.extra.pop() as Block;
			this.give(at, size);
		}
	}

	/** Takes the smallest free block that is large enough. */
	private reuse(wanted: number): number | undefined {
		let best = -1;
		for (let i = 0; i < this.free.length; i++)
			if (
				this.free[i].size >= wanted &&
				(best < 0 || this.free[i].size < this.free[best].size)
			)
				best = i;
		if (best < 0) return undefined;
		const block = this.free[best];
		const { at } = block;
		if (block.size === wanted) this.free.splice(best, 1);
		else this.free[best] = { at: at + wanted, size: block.size - wanted };
		return at;
	}

	/** An array of `count` numbers in a block of its own; undefined where this engine allows no arrays in here. */
	private hold(count: number): Float32Array | undefined {
		const size = count * 4;
		const at = this.take(size);
		const buffer = this.alias();
		if (!buffer) {
			this.give(at, size);
			return undefined;
		}
		this.buffers.add(buffer);
		this.held.push({ at, size, buffer: new WeakRef(buffer) });
		return new Float32Array(buffer, at, count);
	}

	/** The address of new bytes at the end. Before the memory grows, blocks whose arrays are garbage are freed. */
	private extend(wanted: number): number {
		for (const last of [false, true]) {
			if (this.fits(wanted)) break;
			this.collect(last);
			const at = this.reuse(wanted);
			if (at !== undefined) return at;
			if (this.fits(wanted) || this.grow(wanted)) break;
			if (last) throw outOfMemory(wanted, LIMIT - this.end, FOR);
		}
		const at = this.end;
		this.end += wanted;
		return at;
	}

	private fits(wanted: number): boolean {
		return this.end + wanted <= this.floats.byteLength;
	}

	/** Frees the blocks whose arrays were garbage-collected; collects garbage first if `must`, or if it is time. */
	private collect(must: boolean): void {
		const asked = must || this.garbage.due(this.taken);
		if (asked) this.garbage.collect();
		uninterrupted(() => {
			const gone = this.held.filter(({ buffer }) => !buffer.deref());
			this.held = this.held.filter(({ buffer }) => buffer.deref());
			for (const { at, size } of gone) this.give(at, size);
		});
		if (asked) this.garbage.left(this.taken);
	}

	/** Grows the memory so that `wanted` bytes fit; returns whether it could. */
	private grow(wanted: number): boolean {
		const need = this.end + wanted;
		if (need > LIMIT) return false;
		const roomy = Math.max(need, this.floats.byteLength * 1.25);
		if (!this.growTo(Math.min(LIMIT, roomy)) && !this.growTo(need))
			return false;
		this.floats = new Float32Array(this.memory.buffer);
		this.words = new Int32Array(this.memory.buffer);
		return true;
	}

	private growTo(size: number): boolean {
		try {
			this.memory.grow(Math.ceil((size - this.floats.byteLength) / PAGE));
			return true;
		} catch {
			return false;
		}
	}

	/**
	 * Another buffer object on the same memory: when it is garbage-collected, its array was too. A page without cross-origin isolation
	 * cannot create one: its arrays are elsewhere, and are copied in for each call.
	 */
	private alias(): ArrayBufferLike | undefined {
		try {
			return structuredClone(this.memory.buffer);
		} catch {
			return undefined;
		}
	}
}

function roundUp(size: number): number {
	return Math.max(LINE, Math.ceil(size / LINE) * LINE);
}
