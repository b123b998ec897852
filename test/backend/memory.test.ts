import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test, vi } from "vitest";
import type { Fused, Sequence } from "../../lib/backend/backend.ts";
import { wasmBackend } from "../../lib/backend/wasm/backend.ts";
import { start } from "../../lib/backend/wasm/engine.ts";
import { WasmMemory } from "../../lib/backend/wasm/memory.ts";
import { readModule } from "../../lib/backend/wasm/module.ts";
import { fill, noise } from "./backends.ts";

const MB = 2 ** 20;

/** Collects all garbage, in a turn of its own: what a turn has looked at stays for the rest of it. */
async function collectGarbage(): Promise<void> {
	setFlagsFromString("--expose-gc");
	await setImmediate();
	runInNewContext("gc")();
}

/** Asks for more than the memory has, so that it looks for arrays that are gone. */
function useUp(memory: WasmMemory): Float32Array {
	return memory.allocate((memory.floats.byteLength + MB) / 4);
}

describe("the kernels' memory", () => {
	test("takes back what is given, and joins neighbours", () => {
		const memory = new WasmMemory();
		const before = memory.used;
		const [a, b, c] = [memory.take(1000), memory.take(1000), memory.take(1000)];
		memory.give(a, 1000);
		memory.give(c, 1000);
		memory.give(b, 1000);
		expect(memory.used).toBe(before);
		expect(memory.take(3000)).toBe(a);
	});

	test("takes the smallest block given back that is large enough", () => {
		const memory = new WasmMemory();
		const sizes = [192, 64, 64, 64, 128, 64];
		const [large, , small, , middle] = sizes.map((size) => memory.take(size));
		memory.give(large, 192);
		memory.give(small, 64);
		memory.give(middle, 128);
		expect(memory.take(64)).toBe(small);
		expect(memory.take(128)).toBe(middle);
		expect(memory.take(192)).toBe(large);
	});

	test("gives zeros, also where something was", () => {
		const memory = new WasmMemory();
		const at = memory.take(400);
		memory.floats.fill(7, at / 4, at / 4 + 100);
		memory.give(at, 400);
		expect(memory.allocate(100).every((v) => v === 0)).toBe(true);
	});

	test("grows without harm to what it has given", () => {
		const memory = new WasmMemory();
		const early = memory.allocate(100).fill(3);
		const large = memory.allocate((200 * MB) / 4);
		expect(large.length * 4).toBe(200 * MB);
		expect(early.every((v) => v === 3)).toBe(true);
		early[0] = 5;
		expect(memory.floats[early.byteOffset / 4]).toBe(5);
		expect(memory.addressOf(early)).toBe(early.byteOffset);
	});

	test("says how much was wanted and left when there is no room, and goes on", () => {
		const memory = new WasmMemory();
		expect(() => memory.allocate((5000 * MB) / 4)).toThrow(
			/wanted 5000\.0 MB.*, 40\d\d\.\d MB left/,
		);
		expect(memory.allocate(1000).length).toBe(1000);
	});

	test("frees an array that nobody holds, but not while a part of it is held", async () => {
		const memory = new WasmMemory();
		const part = (() =>
			memory
				.allocate((8 * MB) / 4)
				.fill(1)
				.subarray(10, 20))();
		const whole = memory.used;
		await collectGarbage();
		useUp(memory);
		expect(memory.used).toBeGreaterThan(whole);
		expect(part.every((v) => v === 1)).toBe(true);
	});

	test("gives arrays outside where the engine does not share memory", () => {
		const memory = new WasmMemory();
		vi.stubGlobal("structuredClone", () => {
			throw new Error("DataCloneError");
		});
		const array = memory.allocate(100);
		vi.unstubAllGlobals();
		expect(array).toEqual(new Float32Array(100));
		expect(memory.addressOf(array)).toBeUndefined();
	});

	test("takes results back in a loop that never yields, but not those still held", () => {
		const memory = new WasmMemory();
		const kept = memory.uninitialised(MB)?.fill(3);
		for (let again = 0; again < 5000; again++) memory.uninitialised(MB);
		expect(memory.floats.byteLength).toBeLessThan(500 * MB);
		expect(kept?.every((v) => v === 3)).toBe(true);
	});

	test("leaves room for what can be nowhere else: results beyond it lie outside", () => {
		const memory = new WasmMemory();
		expect(memory.uninitialised((3000 * MB) / 4)).toBeUndefined();
		memory.take(3000 * MB);
		expect(memory.uninitialised(MB)).toBeUndefined();
	});

	test("puts results outside where garbage cannot be collected when it must be", () => {
		vi.stubGlobal("process", { env: {} });
		const memory = new WasmMemory();
		vi.unstubAllGlobals();
		expect(memory.uninitialised(MB)).toBeUndefined();
	});

	test("stays flat while arrays come and go", async () => {
		const memory = new WasmMemory();
		for (let again = 0; again < 100; again++) {
			memory.allocate((10 * MB) / 4);
			await collectGarbage();
		}
		expect(memory.floats.byteLength).toBeLessThan(60 * MB);
	});
});

describe("tapes", () => {
	const module = readModule("simd");
	if (!module) throw new Error("the kernels are read from files in Node");
	const engine = start("simd", module);
	const gru = wasmBackend(engine).fused?.["gru-before"] as Fused;
	const [T, B, D, H] = [3, 2, 4, 8];
	const next = noise(1);
	const sizes = [D * H, H * H, H];
	const sequence: Sequence = {
		...{ T, B, D, H },
		x: fill(T * B * D, next),
		state: [fill(B * H, next)],
		weights: [...sizes, ...sizes, ...sizes].map((size) => fill(size, next)),
		record: true,
	};
	const dOutputs = fill(T * B * H, next);
	const need = { x: true, state: true };
	const forward = () => {
		const { tape } = gru.forward(sequence);
		if (!tape) throw new Error("no tape");
		return tape;
	};
	const backward = (tape: ReturnType<typeof forward>) =>
		gru.backward(tape, dOutputs, [null], need);

	test("a training loop that never yields takes no more memory after its first step", () => {
		let after = 0;
		for (let step = 0; step < 10_000; step++) {
			const tape = forward();
			backward(tape);
			gru.release(tape);
			if (step === 0) after = engine.memory.used;
		}
		expect(engine.memory.used).toBe(after);
	});

	test("forwards whose backwards never come take no more than so many tapes", () => {
		for (let i = 0; i < 300; i++) forward();
		const after = engine.memory.used;
		for (let i = 0; i < 10_000; i++) forward();
		expect(engine.memory.used).toBe(after);
	});

	test("a tape that had to move out gives the same gradients", () => {
		const wanted = backward(forward());
		const tape = forward();
		for (let i = 0; i < 300; i++) forward();
		expect(backward(tape)).toEqual(wanted);
	});

	test("a tape serves once", () => {
		const tape = forward();
		backward(tape);
		expect(() => backward(tape)).toThrow(
			"gru-before: this tape was used already",
		);
		gru.release(tape);
		expect(() => backward(tape)).toThrow(
			"gru-before: this tape was released already",
		);
	});
});

describe("empty runs", () => {
	test.each([
		{ T: 0, B: 2 },
		{ T: 3, B: 0 },
	])("T $T, B $B keep the state and give zero gradients", ({ T, B }) => {
		const module = readModule("simd");
		if (!module) throw new Error("the kernels are read from files in Node");
		const lstm = wasmBackend(start("simd", module)).fused?.lstm as Fused;
		const [D, H] = [3, 5];
		const one = [D * H, H * H, H];
		const state = [
			new Float32Array(B * H).fill(1),
			new Float32Array(B * H).fill(2),
		];
		const done = lstm.forward({
			...{ T, B, D, H, state },
			x: new Float32Array(T * B * D),
			weights: [...one, ...one, ...one, ...one].map(
				(size) => new Float32Array(size),
			),
			record: true,
		});
		expect(done.state).toEqual(state);
		expect(done.outputs).toHaveLength(T * B * H);
		if (!done.tape) throw new Error("no tape");
		const back = lstm.backward(done.tape, null, [state[0], null], {
			x: true,
			state: true,
		});
		expect(back.state).toEqual([state[0], new Float32Array(B * H)]);
		expect(back.weights.every((w) => w.every((v) => v === 0))).toBe(true);
	});
});
