import { execFileSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import {
	additiveAttention,
	attending,
	gru,
	meanSquaredError,
	peephole,
	random,
	square,
	sum,
	type Tensor,
	tensor,
	unroll,
	zoneout,
} from "unrolled";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Backend, FusedKind } from "../../lib/backend/backend.ts";
import { useBackend } from "../../lib/backend/current.ts";
import { wasmBackend } from "../../lib/backend/wasm/backend.ts";
import { type Engine, start } from "../../lib/backend/wasm/engine.ts";
import { readModule } from "../../lib/backend/wasm/module.ts";
import { plans } from "../../lib/backend/wasm/plans.ts";
import { fill, furthest, kinds, noise, weightShapes } from "./backends.ts";

/** A backend with so many threads, of the build that every engine runs. */
function withThreads(count: number): { engine: Engine; backend: Backend } {
	vi.stubEnv("UNROLLED_THREADS", String(count));
	const module = readModule("simd");
	if (!module) throw new Error("the kernels are read from files in Node");
	const engine = start("simd", module);
	return { engine, backend: wasmBackend(engine) };
}

const [T, B, D, H] = [50, 33, 65, 100];

/** Everything that a forward and a backward of a large run give. */
function results(backend: Backend, kind: FusedKind): Float32Array[] {
	const next = noise(3);
	const sizes = weightShapes(kind, D, H).map((shape) =>
		shape.reduce((size, n) => size * n),
	);
	const states = plans[kind].states.length;
	const state = () => Array.from({ length: states }, () => fill(B * H, next));
	const fused = backend.fused?.[kind];
	if (!fused) throw new Error(`no ${kind}`);
	const done = fused.forward({
		...{ T, B, D, H },
		x: fill(T * B * D, next),
		state: state(),
		weights: sizes.map((size) => fill(size, () => next() / 10)),
		lengths: Int32Array.from({ length: B }, (_, b) => b % (T + 1)),
		record: true,
	});
	if (!done.tape) throw new Error("no tape");
	const dOutputs = fill(T * B * H, next);
	const need = { x: true, state: true };
	const back = fused.backward(done.tape, dOutputs, state(), need);
	fused.release(done.tape);
	const given = [back.x, ...back.state, ...back.weights] as Float32Array[];
	return [done.outputs, ...done.state, ...given];
}

describe("threads", () => {
	beforeAll(() => vi.unstubAllEnvs());
	afterAll(() => vi.unstubAllEnvs());

	test("share a batch and give the same as one, but for rounding", async () => {
		const alone = withThreads(1);
		const shared = withThreads(3);
		expect(alone.engine.threads.split(B, 1e9)).toHaveLength(1);
		expect(shared.engine.threads.split(B, 1e9)).toEqual([
			{ from: 0, B: 11 },
			{ from: 11, B: 11 },
			{ from: 22, B: 11 },
		]);
		results(shared.backend, "lstm"); // opens the threads; until they are ready the first does their part
		while (shared.engine.threads.ready < 2) await setTimeout(10);
		for (const kind of kinds) {
			const wanted = results(alone.backend, kind);
			for (let again = 0; again < 3; again++)
				results(shared.backend, kind).forEach((got, i) => {
					expect(furthest(got, wanted[i]), `${kind} ${i}`).toBeLessThan(1e-5);
				});
		}
		expect(shared.engine.threads.ready).toBe(2);
	});

	test("share the batch of a program and give the same as one, but for rounding", async () => {
		const alone = withThreads(1);
		const shared = withThreads(3);
		results(shared.backend, "lstm");
		while (shared.engine.threads.ready < 2) await setTimeout(10);
		const source = random(1);
		const cell = zoneout(peephole({ inputs: D, hidden: H, random: source }), {
			c: 0.5,
		});
		const layer = unroll(cell);
		const lengths = Array.from({ length: B }, (_, b) => b % (T + 1));
		const next = noise(7);
		const numbers = fill(T * B * D, next);
		const target = tensor(fill(T * B * H, next), { shape: [T, B, H] });
		const program = (backend: Backend) => {
			useBackend(backend);
			const xs = tensor(numbers, { shape: [T, B, D], requiresGrad: true });
			const options = { lengths, training: true, random: random(2) };
			const run = layer.run(xs, options);
			expect(run.outputs.madeBy?.name).toBe("peephole");
			meanSquaredError(run.outputs, target).backward();
			const all = [run.outputs, run.state.h, run.state.c];
			const weights = [xs, ...Object.values(layer.weights)];
			const gradients = weights.map(({ grad }) => grad as Tensor);
			for (const w of weights) w.grad = null;
			return [...all, ...gradients].map((t) => {
				let largest = 0;
				for (const v of t.data) largest = Math.max(largest, Math.abs(v));
				return Float32Array.from(t.data, (v) => v / largest);
			});
		};
		const wanted = program(alone.backend);
		program(shared.backend).forEach((got, i) => {
			expect(furthest(got, wanted[i]), String(i)).toBeLessThan(2e-6);
		});
		expect(shared.engine.threads.ready).toBe(2);
	});

	test("share the batch of a program that looks back, the rows of its memory too", async () => {
		const alone = withThreads(1);
		const shared = withThreads(3);
		results(shared.backend, "lstm");
		while (shared.engine.threads.ready < 2) await setTimeout(10);
		const S = 7;
		const sizes = { queries: H, memory: D, hidden: 20, random: random(1) };
		const attention = additiveAttention(sizes);
		const cell = gru({ inputs: 2 * D, hidden: H, random: random(1) });
		const next = noise(7);
		const [numbers, kept] = [fill(T * B * D, next), fill(S * B * D, next)];
		const looking = (backend: Backend) => {
			useBackend(backend);
			const requiresGrad = true;
			const xs = tensor(numbers, { shape: [T, B, D], requiresGrad });
			const memory = tensor(kept, { shape: [S, B, D], requiresGrad });
			const attend = attention.over(memory);
			const layer = unroll(attending(cell, { attend, inputs: D }));
			const { outputs } = layer.run(xs);
			expect(outputs.madeBy?.name).toBe("attending(gru)");
			sum(square(outputs)).backward();
			const inputs = { xs, memory, ...cell.weights, ...attention.weights };
			const gradients = Object.values(inputs).map((t) => t.grad as Tensor);
			for (const t of Object.values(inputs)) t.grad = null;
			return [outputs, ...gradients].map((t) => {
				let largest = 0;
				for (const v of t.data) largest = Math.max(largest, Math.abs(v));
				return Float32Array.from(t.data, (v) => v / largest);
			});
		};
		const wanted = looking(alone.backend);
		looking(shared.backend).forEach((got, i) => {
			expect(furthest(got, wanted[i]), String(i)).toBeLessThan(2e-6);
		});
	});

	test("share a product's rows and give the very same as one", async () => {
		const alone = withThreads(1);
		const shared = withThreads(3);
		results(shared.backend, "lstm");
		while (shared.engine.threads.ready < 2) await setTimeout(10);
		const [m, n, k] = [331, 257, 300];
		const next = noise(5);
		const [a, b, before] = [m * k, k * n, m * n].map((size) =>
			fill(size, next),
		);
		for (const transposeA of [false, true])
			for (const transposeB of [false, true])
				for (const accumulate of [false, true]) {
					const product = { m, n, k, transposeA, transposeB };
					const [got, wanted] = [shared, alone].map(({ backend }) => {
						const out = before.slice();
						backend.matmul(product, a, b, out, accumulate);
						return out;
					});
					expect(got).toEqual(wanted);
				}
	});

	test("leave small runs whole", () => {
		expect(withThreads(2).engine.threads.split(32, 1e6)).toHaveLength(1);
		expect(withThreads(2).engine.threads.split(4, 1e9)).toHaveLength(1);
	});

	test("do not keep the process alive", () => {
		const program = `
			import * as u from "./lib/index.ts";
			const random = u.random(1);
			const layer = u.unroll(u.lstm({ inputs: 128, hidden: 128, random }));
			for (let i = 0; i < 3; i++) layer.apply(u.zeros([8, 32, 128]));
			await new Promise((done) => setTimeout(done, 300));
			layer.apply(u.zeros([8, 32, 128]));
			console.log("done");`;
		const said = execFileSync(
			process.execPath,
			["--input-type=module-typescript", "--eval", program],
			{ env: { ...process.env, UNROLLED_THREADS: "2" }, timeout: 60_000 },
		);
		expect(said.toString()).toBe("done\n");
	});
});
