import {
	add,
	detach,
	graph,
	gru,
	type LayerState,
	lstm,
	mul,
	random,
	slice,
	sum,
	type Tensor,
	unroll,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { cells } from "../cells/table.ts";
import { normals } from "../drawn.ts";

const f64 = { dtype: "float64" } as const;
const T = 6;
const some = (shape: number[], seed: number) =>
	normals(shape, seed, { requiresGrad: false });
const xs = some([T, 2, 3], 1);
const weigh = some([T, 2, 4], 2);
const layer = unroll(lstm({ inputs: 3, hidden: 4, random: random(3), ...f64 }));

/** The loss of steps from … to, and the state after them. */
function part(from: number, to: number, state: LayerState) {
	const run = layer.run(slice(xs, 0, from, to), { state });
	const loss = sum(mul(run.outputs, slice(weigh, 0, from, to)));
	return { loss, state: run.state };
}
/** The gradients that are there, which are then gone. */
function gradients(): number[] {
	return Object.values(layer.weights).flatMap((w) => {
		const g = Array.from(w.grad?.data ?? []);
		w.grad = null;
		return g;
	});
}
/** Truncated back-propagation: every k steps the gradient of those k, the state carried on. */
function truncated(k: number): number[] {
	let state: LayerState;
	for (let from = 0; from < T; from += k) {
		const done = part(from, from + k, state);
		done.loss.backward();
		state = detach(done.state);
	}
	return gradients();
}

describe("truncated back-propagation through time", () => {
	test("with k₁ = k₂ = T it is back-propagation through time", () => {
		part(0, T, undefined).loss.backward();
		const whole = gradients();
		expect(truncated(T)).toEqual(whole);
		expect(truncated(2)).not.toEqual(whole);
	});

	test("with k < T it is the sum over chunks with the state cut between them", () => {
		const [a, ...rest] = [0, 2, 4];
		const first = part(a, a + 2, undefined);
		let { state, loss } = first;
		for (const from of rest) {
			const next = part(from, from + 2, detach(state));
			loss = add(loss, next.loss);
			state = next.state;
		}
		loss.backward();
		const summed = gradients();
		truncated(2).forEach((g, i) => {
			expect(g).toBeCloseTo(summed[i], 12);
		});
	});
});

describe("internals", () => {
	test("are the gates and states of every step, by the names of the equations", () => {
		const { internals, outputs, state } = layer.run(xs, { inspect: true });
		const inside = internals as Record<string, Tensor>;
		expect(Object.keys(inside)).toEqual(["i", "f", "g", "o", "c", "h"]);
		expect(inside.h.toArray()).toEqual(outputs.toArray());
		expect(slice(inside.c, 0, T - 1, T).toArray()).toEqual([state.c.toArray()]);
		expect(layer.run(xs).internals).toBe(undefined);
	});

	test("past a sequence's length they are zero", () => {
		const cell = gru({ inputs: 3, hidden: 4, random: random(3), ...f64 });
		const { internals } = unroll(cell).run(xs, {
			lengths: [2, T],
			inspect: true,
		});
		const z = (internals as Record<string, Tensor>).z;
		expect(sum(slice(slice(z, 1, 0, 1), 0, 2, T)).item()).toBe(0);
	});

	test.each(cells)("of %s do not change what it does", (_, cell) => {
		const input = some([3, 2, cell.inputs], 4);
		const looked = unroll(cell).run(input, { inspect: true });
		expect(looked.outputs.toArray()).toEqual(
			unroll(cell).apply(input).toArray(),
		);
		const inside = Object.entries(looked.internals ?? {});
		expect(inside.length).toBeGreaterThan(0);
		for (const [, t] of inside) expect(t.shape.slice(0, 2)).toEqual([3, 2]);
	});
});

test("step by step the inputs are taken apart once, so that the way back grows with T and not with its square", () => {
	const inputs = zeros([50, 2, 3], { ...f64, requiresGrad: true });
	const { outputs } = layer.run(inputs, { inspect: true });
	const { nodes, edges } = graph(sum(outputs), { inputs });
	const at = nodes.findIndex(({ name }) => name === "inputs");
	const users = new Set(
		edges.flatMap(({ from, to }) => (from === at ? [nodes[to].operation] : [])),
	);
	expect([...users]).toEqual(["split"]);
});
