import {
	add,
	type Cell,
	elman,
	gru,
	irnn,
	lstm,
	mul,
	noGrad,
	normal,
	qrnn,
	type Run,
	random,
	slice,
	sru,
	sru2017,
	sum,
	Tensor,
	unroll,
	weightDrop,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { distinctCalls } from "../../../lib/scope.ts";
import { normals } from "../drawn.ts";

/** float32, where the quick backend runs whole sequences of these cells in one go. */
const make = { inputs: 5, hidden: 9, random: random(5) } as const;
const off = normal(0.5);
const moved = { ...make, initial: { b: off } };
const cells: [string, Cell][] = [
	["elman, tanh", elman({ ...make, context: 0.5 })],
	["elman, sigmoid", elman({ ...make, activation: "sigmoid" })],
	["irnn", irnn(make)],
	["lstm", lstm(make)],
	["gru, reset before", gru(make)],
	["gru, reset after", gru({ ...make, reset: "after" })],
	["weight drop of lstm", weightDrop(lstm(make), 0.5)],
	["sru", sru({ ...make, initial: { b: off, v: off } })],
	["sru, D = H", sru({ ...make, hidden: 5, initial: { v: off } })],
	["sru of 2017", sru2017(moved)],
	["qrnn, fo", qrnn(moved)],
	["qrnn, f, window 1", qrnn({ ...moved, window: 1, pooling: "f" })],
	["qrnn, ifo, window 3", qrnn({ ...moved, window: 3, pooling: "ifo" })],
	["weight drop of qrnn", weightDrop(qrnn(moved), 0.5, ["Wz", "Wf"])],
];
const [T, B] = [7, 3];
const some = (shape: number[], seed: number) =>
	normals(shape, seed, { dtype: "float32" });

/** The numbers of a run: its outputs, and its state part by part. */
const numbersOf = ({ outputs, state }: Run): number[][] => [
	Array.from(outputs.data),
	...Object.values(
		state instanceof Tensor ? { state } : (state as Record<string, Tensor>),
	).map(({ data }) => Array.from(data)),
];

describe.each(cells)(
	"%s: all steps at once are its steps one by one",
	(_, cell) => {
		const layer = unroll(cell);
		/** Outputs, state and all gradients, at once or step by step. */
		function results(steps: boolean, lengths?: number[]) {
			const xs = some([T, B, 5], 1);
			lengths?.forEach((length, b) => {
				for (let t = length; t < T; t++)
					xs.data.fill(NaN, (t * B + b) * 5, (t * B + b + 1) * 5);
			});
			const about = { lengths, training: true, random: random(3) };
			const run = steps
				? distinctCalls(() => layer.run(xs, { ...about, inspect: true }))
				: layer.run(xs, about);
			const kernel = run.outputs.madeBy?.name;
			const weigh = some([T, B, cell.hidden], 2).detach();
			const state =
				"shape" in (run.state as object)
					? [run.state as Tensor]
					: Object.values(run.state as Record<string, Tensor>);
			const last = state.map((s) => sum(slice(s, 1, 0, s.shape[1] >> 1)));
			const inner = sum(mul(run.outputs, weigh));
			last.reduce((a, b) => add(a, b), inner).backward();
			const named = { ...cell.weights, xs };
			const gradients = Object.entries(named).map(([name, w]) => {
				const g = Array.from(w.grad?.data ?? []);
				w.grad = null;
				return [name, g] as const;
			});
			return {
				kernel,
				numbers: [
					["outputs", Array.from(run.outputs.data)] as const,
					...state.map((s) => ["state", Array.from(s.data)] as const),
					...gradients,
				],
			};
		}

		// so many rows that a run without gradients overwrites the gates of earlier steps
		test.each([[undefined], [[40, 0, 27, 26]]])(
			"without gradients it gives the same, lengths %o",
			(some4) => {
				const [T, B] = [40, 32];
				const xs = some([T, B, 5], 1);
				const lengths =
					some4 && Array.from({ length: B }, (_, b) => some4[b % 4]);
				const recorded = layer.run(xs, { lengths });
				const quick = noGrad(() => layer.run(xs, { lengths }));
				expect(numbersOf(quick)).toEqual(numbersOf(recorded));
			},
		);

		test.each([[undefined], [[7, 3, 1]], [[0, 7, 2]]])(
			"lengths %s",
			(lengths) => {
				const [quick, slow] = [results(false, lengths), results(true, lengths)];
				expect(slow.kernel).toBe("concat");
				expect(quick.kernel).not.toBe("concat");
				quick.numbers.forEach(([name, got], i) => {
					const wanted = slow.numbers[i][1];
					expect(got.length).toBe(wanted.length);
					if (name !== "state") expect(got.length).toBeGreaterThan(0); // a window of 1 has no past
					got.forEach((v, j) => {
						const off = Math.abs(v - wanted[j]) / (1 + Math.abs(wanted[j]));
						expect(off, name).toBeLessThan(1e-5);
					});
				});
			},
		);
	},
);
