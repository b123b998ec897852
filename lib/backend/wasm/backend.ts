import type { Backend, Combination, Numbers, Pooling } from "../backend.ts";
import { plain } from "../plain.ts";
import { Arrays, LARGE } from "./arrays.ts";
import { ADD, MUL, SIGMOID_BACK, SUB, TANH_BACK } from "./constants.ts";
import { type Engine, WORK } from "./engine.ts";
import { fusedKernels } from "./fused.ts";
import { programs } from "./program/run.ts";
import { writeTable } from "./run.ts";
import type { Shard } from "./shards.ts";
import { Tapes } from "./tapes.ts";

const combinations: Record<Combination, number> = {
	add: ADD,
	sub: SUB,
	mul: MUL,
	tanhBack: TANH_BACK,
	sigmoidBack: SIGMOID_BACK,
};

/** Fewer numbers are drawn sooner than a kernel is called. */
const SOONER = 64;

/** The backend of a module at work. What is not float32, and what copying would cost more than it gains, goes to plain. */
export function wasmBackend(engine: Engine): Backend {
	const { memory, kernels } = engine;
	const arrays = new Arrays(memory);
	const tapes = new Tapes(memory);

	/** out ← kernel(x), elementwise */
	const map =
		(kernel: string, meaning: (x: Numbers, out: Numbers) => void) =>
		(x: Numbers, out: Numbers) => {
			if (!float32(x) || !float32(out)) return meaning(x, out);
			arrays.within(() => {
				const to = arrays.to(out);
				kernels[kernel](x.length, arrays.from(x), to);
				arrays.settle(out, to);
			});
		};
	/** out ← kernel(x) over rows */
	const mapRows =
		(kernel: "softmax" | "logSoftmax") =>
		(rows: number, columns: number, x: Numbers, out: Numbers) => {
			if (!float32(x) || !float32(out))
				return plain[kernel](rows, columns, x, out);
			arrays.within(() => {
				const to = arrays.to(out);
				kernels[kernel](rows, columns, arrays.from(x), to);
				arrays.settle(out, to);
			});
		};

	return {
		name: `wasm (${engine.build} SIMD)`,
		allocate: (size) => memory.allocate(size),
		spare: (size) => arrays.spare(size),
		tanh: map("tanhOf", plain.tanh),
		sigmoid: map("sigmoidOf", plain.sigmoid),
		exp: map("expOf", plain.exp),
		combine(how, x, y, out) {
			if (!float32(x) || !float32(y) || !float32(out) || out.length < LARGE)
				return plain.combine(how, x, y, out);
			arrays.within(() => {
				const to = arrays.to(out);
				kernels.combine(
					...([combinations[how], out.length] as const),
					...([arrays.from(x), x.length] as const),
					...([arrays.from(y), y.length, to] as const),
				);
				arrays.settle(out, to);
			});
		},
		pool(run, f, c) {
			const given = [run.u, run.z, run.v, run.start];
			if (!allFloat32(given) || !float32(f) || !float32(c))
				return plain.pool(run, f, c);
			arrays.within(() => {
				const [toF, toC] = [arrays.to(f), arrays.to(c)];
				const from = given.map((array) => arrays.from(array));
				kernels.pool(...poolSizes(run), ...from, toF, toC);
				arrays.settle(f, toF);
				arrays.settle(c, toC);
			});
		},
		poolBack(run, f, c, d) {
			const given = [run.z, run.v, run.start, f, c, d.c];
			const results = [d.u, d.z, d.v, d.start];
			if (!allFloat32(given) || !allFloat32(results))
				return plain.poolBack(run, f, c, d);
			arrays.within(() => {
				const from = given.map((array) => arrays.from(array));
				const to = results.map((array) => arrays.to(array));
				kernels.poolBack(...poolSizes(run), ...from, ...to);
				results.forEach((array, i) => {
					arrays.settle(array, to[i]);
				});
			});
		},
		draw(state, probability, one, out) {
			if (!float32(out) || out.length < SOONER)
				return plain.draw(state, probability, one, out);
			arrays.within(() => {
				const [words, to] = [arrays.from(state), arrays.to(out)];
				kernels.draw(out.length, probability * 2 ** 53, one, words, to);
				state.set(memory.words.subarray(words / 4, words / 4 + 4));
				arrays.settle(out, to);
			});
		},
		softmax: mapRows("softmax"),
		logSoftmax: mapRows("logSoftmax"),

		matmul(product, a, b, out, accumulate = false) {
			if (!float32(a) || !float32(b) || !float32(out))
				return plain.matmul(product, a, b, out, accumulate);
			const { m, n, k, transposeA = false, transposeB = false } = product;
			if (m * n * k === 0) {
				if (!accumulate) out.fill(0);
				return;
			}
			const add = Number(accumulate);
			arrays.within(() => {
				const to = accumulate ? arrays.from(out) : arrays.to(out);
				const [x, y] = [arrays.from(a), arrays.from(b)];
				if (m === 1 && !transposeB) kernels.vectorTimes(k, n, x, y, to, add);
				else if (m === 1) kernels.timesVector(n, k, y, x, to, add);
				else if (n === 1 && transposeA)
					kernels.vectorTimes(k, m, y, x, to, add);
				else if (n === 1) kernels.timesVector(m, k, x, y, to, add);
				else {
					const [aRow, aColumn] = transposeA ? [4, m * 4] : [k * 4, 4];
					const [bRow, bColumn] = transposeB ? [4, k * 4] : [n * 4, 4];
					const part = ({ from, B }: Shard, work: number) => [
						...[B, n, k, x + from * aRow, aRow, aColumn, y, bRow, bColumn],
						...[to + from * n * 4, n * 4, add, work],
					];
					const [first, ...others] = engine.threads.split(m, m * n * k);
					if (others.length === 0)
						kernels.multiply(...part(first, engine.work));
					else
						engine.threads.run("multiplyPart", [
							writeTable(memory, part(first, engine.work)),
							...others.map((shard) =>
								writeTable(memory, part(shard, memory.borrow(WORK))),
							),
						]);
				}
				arrays.settle(out, to);
			});
		},

		crossEntropy(rows, columns, logits, targets, gradient) {
			if (!float32(logits) || (gradient && !float32(gradient)))
				return plain.crossEntropy(rows, columns, logits, targets, gradient);
			return arrays.within(() => {
				const to = gradient ? arrays.to(gradient) : 0;
				const loss = kernels.crossEntropy(
					...([rows, columns, arrays.from(logits)] as const),
					...([arrays.from(targets), to] as const),
				);
				if (gradient) arrays.settle(gradient, to);
				return loss;
			});
		},

		squaredNorm(x) {
			const at = placeOf(x);
			return at === undefined
				? plain.squaredNorm(x)
				: kernels.squaredNorm(x.length, at);
		},
		squaredError(y, target, factor, d) {
			if (!float32(y) || !float32(target) || !float32(d))
				return plain.squaredError(y, target, factor, d);
			return arrays.within(() => {
				const to = arrays.to(d);
				const sum = kernels.squaredError(
					...([y.length, arrays.from(y), arrays.from(target)] as const),
					...([factor, to] as const),
				);
				arrays.settle(d, to);
				return sum;
			});
		},
		scale(x, factor) {
			const at = placeOf(x);
			if (at === undefined) plain.scale(x, factor);
			else kernels.scale(x.length, factor, at);
		},

		sgd(w, g, v, rate, momentum) {
			const at = placeOf(w);
			if (at === undefined || !float32(g) || (v && !float32(v)))
				return plain.sgd(w, g, v, rate, momentum);
			arrays.within(() => {
				const velocity = v ? arrays.from(v) : 0;
				kernels.sgd(w.length, at, arrays.from(g), velocity, rate, momentum);
				if (v) arrays.settle(v, velocity);
			});
		},
		adam(w, g, m, v, rule) {
			const at = placeOf(w);
			if (at === undefined || !float32(g) || !float32(m) || !float32(v))
				return plain.adam(w, g, m, v, rule);
			const { rate, beta1, beta2, epsilon, correction1, correction2 } = rule;
			arrays.within(() => {
				const [mean, square] = [arrays.from(m), arrays.from(v)];
				// Spelt out: spread arrays cost a small network as much as the step itself.
				kernels.adam(
					w.length,
					at,
					arrays.from(g),
					mean,
					square,
					beta1,
					beta2,
					1 - beta1,
					1 - beta2,
					rate / correction1,
					1 / Math.sqrt(correction2),
					epsilon,
				);
				arrays.settle(m, mean);
				arrays.settle(v, square);
			});
		},

		steps: programs(engine, arrays, tapes),
		fused: fusedKernels(engine, arrays, tapes),
	};

	function poolSizes({ T, B, H, lengths, added }: Pooling) {
		return [T, B, H, lengths ? arrays.from(lengths) : 0, Number(added)];
	}

	/** The address of numbers that lie in the kernels' memory. */
	function placeOf(x: Numbers): number | undefined {
		return float32(x) ? memory.addressOf(x) : undefined;
	}
}

function allFloat32(all: Numbers[]): all is Float32Array[] {
	return all.every(float32);
}

function float32(x: Numbers): x is Float32Array {
	return x instanceof Float32Array;
}
