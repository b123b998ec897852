import { describe, expect, test } from "vitest";
import type { Fused, FusedKind } from "../../lib/backend/backend.ts";
import { plans } from "../../lib/backend/wasm/plans.ts";
import { builds, furthest, kinds, noise, weightShapes } from "./backends.ts";
import { type Matrix, type Problem, solve } from "./reference.ts";

interface Sizes {
	T: number;
	B: number;
	D: number;
	H: number;
}

function problem(
	kind: FusedKind,
	{ T, B, D, H }: Sizes,
	lengths?: number[],
): Problem {
	const next = noise(T * 1000 + B * 100 + D * 10 + H);
	// Numbers that float32 holds exactly, so that both sides start from the same.
	const matrix = (rows: number, columns: number, size = 1): Matrix =>
		Array.from({ length: rows }, () =>
			Array.from({ length: columns }, () => Math.fround(next() * size)),
		);
	const states = plans[kind].states.length;
	return {
		kind,
		T,
		B,
		D,
		H,
		lengths,
		x: Array.from({ length: T }, () => matrix(B, D)),
		state: Array.from({ length: states }, () => matrix(B, H)),
		weights: weightShapes(kind, D, H).map((shape) =>
			shape.length === 1
				? matrix(1, H)
				: matrix(shape[0], H, 1.5 / Math.sqrt(H)),
		),
		dOutputs: Array.from({ length: T }, () => matrix(B, H)),
		dState: Array.from({ length: states }, () => matrix(B, H)),
	};
}

const flat = (m: Matrix): Float32Array => Float32Array.from(m.flat());
const flat3 = (m: Matrix[]): Float32Array => Float32Array.from(m.flat(2));

/** Runs a problem through a fused kernel and returns how far each result is from the loops. */
function distances(fused: Fused, p: Problem): Record<string, number> {
	const wanted = solve(p);
	const { T, B, D, H } = p;
	const done = fused.forward({
		...{ T, B, D, H },
		x: flat3(p.x),
		state: p.state.map(flat),
		weights: p.weights.map(flat),
		lengths: p.lengths && Int32Array.from(p.lengths),
		record: true,
	});
	if (!done.tape) throw new Error("no tape");
	const back = fused.backward(
		done.tape,
		flat3(p.dOutputs),
		p.dState.map(flat),
		{ x: true, state: true },
	);
	fused.release(done.tape);
	const off: Record<string, number> = {
		outputs: furthest(done.outputs, wanted.outputs.flat(2)),
		dx: furthest(back.x ?? [], wanted.dx.flat(2)),
	};
	wanted.state.forEach((part, i) => {
		off[`state ${i}`] = furthest(done.state[i], part.flat());
	});
	wanted.dState.forEach((part, i) => {
		off[`dState ${i}`] = furthest(back.state[i] ?? [], part.flat());
	});
	wanted.dWeights.forEach((part, i) => {
		off[`dWeights ${i}`] = furthest(back.weights[i], part.flat());
	});
	return off;
}

const tables: Sizes[] = [
	...[1, 3, 7, 8, 9, 31, 33, 65].map((H) => ({ T: 3, B: 2, D: 5, H })),
	...[1, 3, 7, 8, 9, 31, 33, 65].map((D) => ({ T: 2, B: 3, D, H: 8 })),
	...[1, 3, 7, 8, 9, 31, 33, 65].map((B) => ({ T: 2, B, D: 4, H: 9 })),
	{ T: 1, B: 1, D: 1, H: 1 },
	{ T: 1, B: 1, D: 33, H: 65 },
	{ T: 9, B: 1, D: 7, H: 16 },
	{ T: 30, B: 33, D: 3, H: 5 }, // more rows than a block of a product, and than a block of inputs
	{ T: 2, B: 2, D: 300, H: 8 }, // more inputs than a block of a product
];

describe.each(builds)("%s", (_, backend) => {
	describe.each(kinds)("%s", (kind) => {
		const fused = backend.fused?.[kind] as Fused;

		test.each(tables)(
			"agrees with float64 loops for T $T, B $B, D $D, H $H",
			(sizes) => {
				for (const [name, off] of Object.entries(
					distances(fused, problem(kind, sizes)),
				))
					expect(off, name).toBeLessThan(2e-5);
			},
		);

		test.each([
			{ lengths: [3, 0, 1] },
			{ lengths: [4, 4, 4] },
			{ lengths: [2, 4, 3] },
		])("stops each sequence at its length: $lengths", ({ lengths }) => {
			for (const H of [5, 8]) {
				const p = problem(kind, { T: 4, B: 3, D: 2, H }, lengths);
				for (const [name, off] of Object.entries(distances(fused, p)))
					expect(off, name).toBeLessThan(2e-5);
			}
		});

		test.each([Number.NaN, Infinity, -Infinity])(
			"%d in one sequence goes where it goes in the loops, and into no other",
			(value) => {
				for (const H of [5, 8]) {
					const p = problem(kind, { T: 4, B: 7, D: 3, H });
					p.x[1][2][0] = value;
					for (const [name, off] of Object.entries(distances(fused, p)))
						expect(off, name).toBeLessThan(2e-5);
				}
			},
		);
	});
});
