import { readdirSync, readFileSync } from "node:fs";
import * as library from "unrolled";
import {
	type Attention,
	abs,
	add,
	additiveAttention,
	attending,
	type Cell,
	clip,
	concat,
	deepTransition,
	dense,
	div,
	dotAttention,
	elman,
	exp,
	gal,
	generalAttention,
	graph,
	gru,
	inputFeeding,
	irnn,
	jordan,
	layerNormLstm,
	learntStart,
	log,
	lstm,
	lstm1997,
	matmul,
	maximum,
	minimum,
	mul,
	noGrad,
	normal,
	peephole,
	projectedLstm,
	qrnn,
	random,
	rhn,
	semeniuta,
	sigmoid,
	slice,
	softmax,
	sqrt,
	square,
	sru,
	sru2017,
	sub,
	sum,
	Tensor,
	tanh,
	teacherForced,
	tensor,
	unroll,
	weight,
	weightDrop,
	zeros,
	zoneout,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { asProgram } from "../../../lib/layers/program.ts";
import { normalise } from "../../../lib/ops/normalise.ts";
import { distinctCalls } from "../../../lib/scope.ts";
import { Untraceable } from "../../../lib/tensor/traced.ts";
import { normals } from "../drawn.ts";

type Make = (D: number, H: number, B: number) => Cell;
const off = normal(0.5);
const b = { initial: { b: off } };
const of = (inputs: number, hidden: number) => ({
	inputs,
	hidden,
	random: random(5),
});

/** A cell of one's own, without the library's checks: a minimal gated unit. */
function minimal(D: number, H: number): Cell {
	const source = random(5);
	const made = (shape: number[]) => weight(shape, normal(0.4), source);
	const weights = {
		Wf: made([D, H]),
		Uf: made([H, H]),
		bf: made([H]),
		W: made([D, H]),
		U: made([H, H]),
		b: made([H]),
	};
	return {
		name: "minimal",
		inputs: D,
		hidden: H,
		weights,
		start: (B) => zeros([B, H]),
		step(x, h, tap = (_, value) => value, w = weights) {
			const past = tap("past", h as Tensor);
			const f = sigmoid(add(matmul(x, w.Wf), matmul(past, w.Uf), w.bf));
			const g = tanh(add(matmul(x, w.W), matmul(mul(f, past), w.U), w.b));
			const next = tap("h", add(mul(sub(1, f), past), mul(f, g)));
			return { output: next, state: next };
		},
	};
}

/** A memory [S, B, 3] whose gradient is wanted, with the lengths of its sequences. */
const memoryOf = (S: number, B: number) => ({
	memory: some([S, B, 3], 6),
	lengths: Array.from({ length: B }, (_, b) => 1 + ((b * 2) % S)),
});

/** A cell that looks back before its step, by an attention made for queries of H. */
function looking(
	inner: Make,
	attention: (queries: number) => Attention,
	{ M = 3, S = 5, padded = true } = {},
): Make {
	return (D, H, B) => {
		const cell = inner(D + M, H, B);
		const own = attention(H);
		const { memory, lengths } = memoryOf(S, B);
		const attend = own.over(
			M === 3 ? memory : concat([memory, memory, memory], 2),
			padded ? lengths : undefined,
		);
		const made = attending(cell, { attend, inputs: D });
		return { ...made, weights: { ...cell.weights, ...own.weights, memory } };
	};
}
const general = (queries: number) =>
	generalAttention({ queries, memory: 3, random: random(4) });
const additive = (queries: number) =>
	additiveAttention({ queries, memory: 3, hidden: 6, random: random(4) });

/** A cell that is fed what it found after the step before. */
const fed =
	(inner: Make): Make =>
	(D, H, B) => {
		const cell = inner(D + 4, H, B);
		const own = general(H);
		const { memory, lengths } = memoryOf(6, B);
		const combine = dense({ inputs: 3 + H, outputs: 4, random: random(2) });
		const attend = own.over(memory, lengths);
		const options = { attend, inputs: D, outputs: 4, combine };
		const made = inputFeeding(cell, options);
		return { ...made, weights: { ...made.weights, ...own.weights, memory } };
	};

const cells: [string, Make][] = [
	["elman, tanh", (D, H) => elman(of(D, H))],
	["elman, relu", (D, H) => elman({ ...of(D, H), activation: "relu" })],
	["irnn", (D, H) => irnn(of(D, H))],
	["jordan", (D, H) => jordan({ ...of(D, H), outputs: 3 })],
	[
		"jordan, teacher forced",
		(D, H) => teacherForced(jordan({ ...of(D - 2, H), outputs: 2 })),
	],
	["lstm", (D, H) => lstm(of(D, H))],
	[
		"lstm with peepholes",
		(D, H) => peephole({ ...of(D, H), initial: { p: off, b: off } }),
	],
	["lstm of 1997", (D, H) => lstm1997({ ...of(D, H), ...b })],
	["lstm, projected", (D, H) => projectedLstm({ ...of(D, H), projection: 5 })],
	[
		"lstm, layer normalisation",
		(D, H) => layerNormLstm({ ...of(D, H), initial: { a: off, b: off } }),
	],
	["gru, reset before", (D, H) => gru(of(D, H))],
	["gru, reset after", (D, H) => gru({ ...of(D, H), reset: "after" })],
	["rhn, depth 3", (D, H) => rhn({ ...of(D, H), depth: 3 })],
	["sru", (D, H) => sru({ ...of(D, H), initial: { v: off, b: off } })],
	["sru, D = H", (D) => sru({ ...of(D, D), initial: { v: off } })],
	["sru of 2017", (D, H) => sru2017({ ...of(D, H), ...b })],
	["qrnn, fo", (D, H) => qrnn({ ...of(D, H), ...b })],
	[
		"qrnn, ifo, window 3",
		(D, H) => qrnn({ ...of(D, H), window: 3, pooling: "ifo", ...b }),
	],
	["deep transition", (D, H) => deepTransition({ ...of(D, H), depth: 3 })],
	[
		"deep transition, shortcut",
		(D, H) => deepTransition({ ...of(D, H), depth: 2, shortcut: true }),
	],
	["zoneout of lstm", (D, H) => zoneout(lstm(of(D, H)), { c: 0.5, h: 0.2 })],
	["zoneout of sru", (D, H) => zoneout(sru(of(D, H)), 0.3)],
	[
		"qrnn, fo, zoneout of its own",
		(D, H) => qrnn({ ...of(D, H), ...b, zoneout: 0.4 }),
	],
	[
		"qrnn, ifo, zoneout of its own",
		(D, H) => qrnn({ ...of(D, H), pooling: "ifo", zoneout: 0.4 }),
	],
	["zoneout of qrnn", (D, H) => zoneout(qrnn(of(D, H)), { c: 0.3 })],
	["semeniuta of lstm", (D, H) => semeniuta(lstm(of(D, H)), 0.5)],
	[
		"semeniuta of gru, per sequence",
		(D, H) => semeniuta(gru(of(D, H)), 0.5, { per: "sequence" }),
	],
	[
		"gal of lstm",
		(D, H) => gal(lstm(of(D, H)), { inputs: 0.3, state: 0.5, outputs: 0.2 }),
	],
	["gal of rhn", (D, H) => gal(rhn({ ...of(D, H), depth: 2 }), { state: 0.5 })],
	[
		"gal of lstm, untied",
		(D, H) => gal(lstm(of(D, H)), { inputs: 0.3, state: 0.5, untied: true }),
	],
	["peepholes with a learnt start", (D, H) => learntStart(peephole(of(D, H)))],
	["weight drop of peepholes", (D, H) => weightDrop(peephole(of(D, H)), 0.5)],
	[
		"all of them",
		(D, H) =>
			zoneout(
				weightDrop(
					semeniuta(gal(lstm(of(D, H)), { inputs: 0.3, state: 0.3 }), 0.3),
					0.3,
				),
				{ c: 0.3, h: 0.3 },
			),
	],
	["a cell of one's own", minimal],
	["attending lstm, additive", looking((D, H) => lstm(of(D, H)), additive)],
	[
		"attending gru, general",
		looking((D, H) => gru(of(D, H)), general, { S: 9 }),
	],
	[
		"attending elman over one step, general",
		looking((D, H) => elman(of(D, H)), general, { S: 1, padded: false }),
	],
	[
		"attending an lstm projected, dot",
		looking(
			(D, H) => projectedLstm({ ...of(D, H), projection: 9 }),
			dotAttention,
			{ M: 9 },
		),
	],
	[
		"attending zoneout of peepholes, additive",
		looking(
			(D, H) => zoneout(peephole(of(D, H)), { c: 0.3 }),
			(H) => additive(H),
		),
	],
	["input feeding, lstm", fed((D, H) => lstm(of(D, H)))],
	[
		"input feeding, gal of gru",
		fed((D, H) => gal(gru(of(D, H)), { state: 0.4 })),
	],
];

/** The cell without a kernel for all its steps. */
function stepping(cell: Cell): Cell {
	const { prepare } = cell;
	return {
		...cell,
		step: (...given) => cell.step(...given),
		prepare: prepare && ((run) => stepping(prepare(run))),
	};
}

const some = (shape: readonly number[], seed: number, requiresGrad = true) =>
	normals(shape, seed, { dtype: "float32", requiresGrad });
const partsOf = (state: unknown): Record<string, Tensor> =>
	state instanceof Tensor ? { s: state } : (state as Record<string, Tensor>);

interface Case {
	T: number;
	B: number;
	lengths?: number[];
	given?: boolean;
	training?: boolean;
	xGradient?: boolean;
	inspect?: boolean;
}

/** What a run gives, all gradients, and the next number of its source; by name. */
function results(cell: Cell, how: Case, steps: boolean) {
	const { T, B, lengths, given, training, inspect, xGradient = true } = how;
	const D = cell.inputs;
	const xs = some([T, B, D], 1, xGradient);
	lengths?.forEach((length, b) => {
		for (let t = length; t < T; t++)
			xs.data.fill(Number.NaN, (t * B + b) * D, (t * B + b + 1) * D);
	});
	const own = partsOf(cell.start(B));
	const first = Object.fromEntries(
		Object.entries(own).map(([name, { shape }], i) => [
			name,
			some(shape, 9 + i),
		]),
	);
	const state = given ? ("s" in own ? first.s : first) : undefined;
	const source = random(3);
	const options = { lengths, training, random: source, state, inspect };
	const layer = unroll(cell);
	const go = () => layer.run(xs, options);
	const run = steps ? distinctCalls(go) : go();
	const after = partsOf(run.state);
	const inside = Object.entries(run.internals ?? {});
	const parts = [
		run.outputs,
		...Object.values(after),
		...inside.map(([, t]) => t),
	].filter((t) => t.size);
	parts
		.map((t, i) => sum(mul(t, some(t.shape, 20 + i, false))))
		.reduce((total, part) => add(total, part))
		.backward();
	const leaves = { ...cell.weights, ...(given && first), xs };
	const gradients = Object.entries(leaves).map(([name, t]) => {
		const gradient = Array.from(t.grad?.data ?? []);
		t.grad = null;
		return [`the gradient of ${name}`, gradient] as const;
	});
	return {
		operation: run.outputs.madeBy?.name,
		numbers: [
			["outputs", Array.from(run.outputs.data)] as const,
			...[...Object.entries(after), ...inside].map(
				([name, t]) => [name, [...t.shape, ...t.data]] as const,
			),
			...gradients,
			["the next random number", [source.uniform()]] as const,
		],
	};
}

/** The largest difference over the largest number. */
function apart(got: readonly number[], wanted: readonly number[]): number {
	expect(got.length).toBe(wanted.length);
	const largest = Math.max(1e-6, ...wanted.map(Math.abs));
	return Math.max(
		0,
		...got.map((v, i) =>
			Number.isFinite(v) ? Math.abs(v - wanted[i]) / largest : Infinity,
		),
	);
}

function expectSame(cell: Cell | (() => Cell), how: Case): void {
	const make = typeof cell === "function" ? cell : () => cell;
	const { name } = make();
	const [program, steps] = [
		results(make(), how, false),
		results(make(), how, true),
	];
	expect(program.operation).toBe(name);
	expect(steps.operation).toBe("concat");
	for (const [i, [part, got]] of program.numbers.entries()) {
		const [known, wanted] = steps.numbers[i];
		expect(part).toBe(known);
		expect(apart(got, wanted), part).toBeLessThan(2e-6);
	}
}

describe.each(cells)("%s: its program is its steps one by one", (_, make) => {
	const cases: [number, number, Case][] = [
		[5, 9, { T: 7, B: 3 }],
		[5, 9, { T: 7, B: 3, lengths: [7, 0, 4], training: true }],
		[4, 8, { T: 4, B: 1, given: true }],
		[16, 24, { T: 6, B: 32, given: true, training: true, xGradient: false }],
		// more than a block of steps, and the last one shorter
		[
			3,
			20,
			{ T: 11, B: 64, lengths: Array.from({ length: 64 }, (_, b) => b % 12) },
		],
		[
			6,
			70,
			{ T: 5, B: 10, given: true, lengths: [0, 1, 2, 3, 4, 5, 0, 1, 2, 5] },
		],
		[5, 9, { T: 4, B: 3, inspect: true, training: true }],
		[3, 7, { T: 6, B: 2, inspect: true, given: true, lengths: [6, 3] }],
	];
	test.each(cases)("D %i, H %i, %o", (D, H, how) => {
		expectSame(() => stepping(make(D, H, how.B)), how);
	});
});

/** A cell of one step, with what it needs. */
function one(
	step: (x: Tensor, h: Tensor) => Tensor,
	weights: Record<string, Tensor> = { w: some([3], 4) },
): Cell {
	return {
		name: "one",
		inputs: 3,
		hidden: 3,
		weights,
		start: (B) => zeros([B, 3]),
		step(x, h) {
			const next = step(x, h as Tensor);
			return { output: next, state: next };
		},
	};
}
const reason = (cell: Cell): string => {
	const run = asProgram(cell, some([4, 2, 3], 1), cell.start(2));
	return run instanceof Untraceable ? run.message : "none";
};

describe("a step of one's own", () => {
	const w = some([3], 4);
	const wide = some([2, 3], 5);
	const third = tensor([[1 / 3], [1 / 3], [1 / 3]]);
	const square3 = some([3, 3], 6, false);
	const share = (a: Tensor, b: Tensor) => sigmoid(add(mul(a, w), b));
	test.each<[string, (x: Tensor, h: Tensor) => Tensor]>([
		["a weight used twice", (x, h) => add(mul(w, x), mul(w, h))],
		["a weight taken away", (x, h) => sub(add(x, mul(0.5, h)), w)],
		["a number less a result", (x, h) => sub(2, add(mul(w, x), h))],
		["e to it", (x, h) => mul(exp(mul(x, 0.3)), sigmoid(add(h, w)))],
		["a logarithm", (x, h) => log(add(exp(add(x, w)), mul(h, h)))],
		["a root", (x, h) => sqrt(add(square(mul(x, w)), add(abs(h), 1)))],
		["a square and a size", (x, h) => sub(square(tanh(x)), abs(mul(h, w)))],
		["a quotient", (x, h) => div(add(mul(x, w), h), add(square(x), 1))],
		["a quotient of a weight", (x, h) => div(w, add(abs(add(x, h)), 1))],
		[
			"quotients of numbers",
			(x, h) => add(div(2, add(abs(mul(w, x)), 1)), div(h, 3)),
		],
		["the larger", (x, h) => maximum(mul(x, w), add(h, 0.1))],
		["the larger of a weight", (x, h) => maximum(w, add(mul(h, 0.5), x))],
		[
			"the larger and the smaller of numbers",
			(x, h) => minimum(0.5, maximum(add(mul(x, w), h), -0.5)),
		],
		["the larger of equals", (x, h) => maximum(add(h, x), add(h, x))],
		[
			"a number of each sequence times a row",
			(x, h) => tanh(add(mul(slice(add(mul(x, w), h), 1, 1, 2), x), h)),
		],
		[
			"a mean that is taken off by a product",
			(x, h) => {
				const a = add(mul(x, w), h);
				return sub(a, matmul(a, third));
			},
		],
		[
			"a mean that a share weighs",
			(x, h) => {
				const p = share(x, h);
				return add(mul(p, h), mul(sub(1, p), x));
			},
		],
		[
			"one the other way round",
			(x, h) => {
				const p = share(h, x);
				return add(mul(x, sub(1, p)), mul(h, p));
			},
		],
		[
			"one with a row that learns",
			(x, h) => {
				const p = share(x, h);
				return add(mul(p, add(x, h)), mul(sub(1, p), w));
			},
		],
		[
			"one of the share itself",
			(x, h) => {
				const p = share(x, h);
				return add(mul(p, p), mul(sub(1, p), p));
			},
		],
		[
			"one whose rest is read again",
			(x, h) => {
				const p = share(x, h);
				const rest = sub(1, p);
				return add(add(mul(p, h), mul(rest, x)), rest);
			},
		],
		[
			"what looks like one, but is from 2",
			(x, h) => {
				const p = share(x, h);
				return add(mul(p, h), mul(sub(2, p), x));
			},
		],
		["a norm times a row", (x, h) => mul(w, normalise(add(x, h)))],
		["a norm times rows", (x, h) => mul(wide, normalise(add(x, h)))],
		["a norm times a number", (x, h) => mul(0.5, normalise(add(x, h)))],
		["a product of the state", (x, h) => add(matmul(h, square3), mul(w, x))],
		["a state times a row, and a look at it", (x, h) => mul(w, add(x, h))],
		["a state that is added twice", (x, h) => add(mul(w, h), mul(x, h))],
		["a share of all", (x, h) => softmax(add(mul(x, w), h))],
		["a square", (x, h) => tanh(add(mul(x, x), mul(h, w)))],
		[
			"a row for each sequence that learns",
			(x, h) => tanh(add(mul(wide, x), h)),
		],
		[
			"a number for each sequence",
			(x, h) => add(mul(x, tensor([[2], [3]])), h),
		],
		[
			"a state that passes through",
			(x, h) => add(slice(add(x, w), 1, 0, 3), mul(h, 0)),
		],
		[
			"parts in another order",
			(x, h) => {
				const all = tanh(add(mul(x, w), h));
				return concat([slice(all, 1, 1, 3), slice(all, 1, 0, 1)], 1);
			},
		],
		[
			"parts that overlap",
			(x, h) => {
				const all = tanh(add(mul(x, w), h));
				return concat([slice(all, 1, 1, 3), slice(all, 1, 2, 3)], 1);
			},
		],
	])("%s", (_, step) => {
		expectSame(one(step, { w, wide }), { T: 5, B: 2 });
		expectSame(one(step, { w, wide }), { T: 5, B: 2, lengths: [5, 3] });
	});

	test.each([[[3]], [[1, 3]], [[2, 3]], [[2, 1]], [[1]], [[]]])(
		"data [%o] that differ from step to step",
		(shape) => {
			const data = [1, 2, 3].map((seed) => some(shape, seed, false));
			let t = 0;
			const cell = one((x, h) => tanh(add(mul(x, data[t++ % 3]), mul(h, w))), {
				w,
			});
			expectSame(cell, { T: 6, B: 2, lengths: [6, 2] });
			t = 0;
			expect(reason(cell)).toBe("none");
		},
	);

	test("a sequence of one row for each of many steps", () => {
		expectSame(
			one((x, h) => tanh(add(mul(w, x), h)), { w }),
			{ T: 700, B: 1 },
		);
	});

	test("a state that nothing changes, and an output that is the input", () => {
		const still: Cell = {
			...one((x) => x),
			step: (x, h) => ({ output: mul(x, w), state: h }),
			weights: { w },
		};
		expectSame(still, { T: 5, B: 2, given: true });
	});

	test("two states that become each other", () => {
		const turning = {
			name: "turning",
			inputs: 3,
			hidden: 3,
			weights: { w },
			start: (B: number) => ({ a: zeros([B, 3]), b: zeros([B, 3]) }),
			step: (x: Tensor, { a, b }: { a: Tensor; b: Tensor }) => {
				const state = { a: mul(w, b), b: mul(a, x) };
				return { output: add(state.a, state.b), state };
			},
		} as unknown as Cell;
		expectSame(turning, { T: 5, B: 2, given: true });
	});

	test("what cannot be traced runs step by step, and the reason can be asked for", () => {
		let t = 0;
		const turning = [some([3], 1, false), some([3], 2, false)];
		const kinds: [Cell, string][] = [
			[one((x, h) => clip(add(x, h), -1, 1)), "the operation clip"],
			[
				one((x, h) => (x.data[0] > 0 ? add(x, h) : h)),
				"an operation that cannot be traced",
			],
			[
				// what the step catches ends the trace all the same
				one((x, h) => {
					let most = 99;
					try {
						most = Math.max(...x.data);
					} catch {}
					return add(add(x, most), h);
				}),
				"an operation that cannot be traced",
			],
			[
				one((x, h) => {
					try {
						return clip(add(x, h), -1, 1);
					} catch {
						return h;
					}
				}),
				"the operation clip",
			],
			[
				one((x, h) => (t++ % 2 ? add(x, h) : sub(x, h))),
				"sub at t=2, not in the first step",
			],
			[
				one((x, h) => add(mul(x, some([3], 1)), h)),
				"an input that differs at t=1",
			],
			[
				one((x, h) => add(matmul(x, matmul(x, w)), h)),
				"a product of other operands",
			],
		];
		const [alternating] = kinds[kinds.length - 3];
		let steps = 0;
		const shorter = one((x, h) => {
			const sum = add(x, h);
			return steps++ === 0 ? mul(sum, x) : sum;
		});
		expect(reason(shorter)).toBe("fewer operations than in the first step");
		for (const [cell, wanted] of kinds.filter(([cell]) => cell !== alternating))
			expect(reason(cell)).toBe(wanted);
		t = 0;
		expect(reason(alternating)).toBe("add at t=1, not in the first step");
		// what only differs in its numbers is no reason
		expect(reason(one((x, h) => add(mul(x, turning[t++ % 2]), h)))).toBe(
			"none",
		);
	});

	test("of the library's cells and wrappers none goes step by step", () => {
		const folders = ["cells", "layers"].map(
			(name) => new URL(`../../../lib/${name}/`, import.meta.url),
		);
		const texts = folders.flatMap((folder) =>
			readdirSync(folder).map((file) =>
				readFileSync(new URL(file, folder), "utf8"),
			),
		);
		/** Exported functions that return a cell. */
		const made = texts.flatMap((text) =>
			[...text.matchAll(/^export function (\w+)[^{]*\{[\s\S]*?^\}/gm)]
				.filter(([all]) => /\): \w*Cell<[^;]*\{\n/.test(all))
				.map(([, name]) => name)
				.filter((name) => name in library),
		);
		expect(made.length).toBeGreaterThan(18);
		const table = cells.map(([, make]) => String(make)).join();
		for (const name of made) expect(table).toMatch(new RegExp(`\\b${name}\\b`));
		for (const [name, make] of cells)
			for (const training of [false, true]) {
				const cell = make(3, 9, 2);
				const xs = some([4, 2, cell.inputs], 1);
				const mode = { dtype: "float32", training, random: random(1) } as const;
				const now = cell.prepare?.(mode) ?? cell;
				for (const inspect of [false, true]) {
					const run = asProgram(now, xs, cell.start(2), [4, 2], inspect);
					const why = run instanceof Untraceable ? run.message : "a program";
					expect(`${name}: ${why}`).toBe(`${name}: a program`);
				}
			}
	});

	test("what a step keeps of its values has no numbers, and says how to look at them", () => {
		const kept: Tensor[] = [];
		const cell = one((x, h) => {
			kept.push(h);
			return add(x, h);
		});
		expect(reason(cell)).toBe("none");
		unroll(cell).apply(some([4, 2, 3], 1));
		for (const use of [(t: Tensor) => t.toArray(), (t: Tensor) => exp(t)])
			expect(() => use(kept[1])).toThrow(
				/has no numbers: .* to look at such values, hand them to the step's tap and run the layer with \{ inspect: true \}/,
			);
	});

	test("a step that is tried and cannot be traced leaves the masks of its steps as they were", () => {
		const base = zoneout(lstm(of(3, 3)), { c: 0.5 });
		const late = (cell: Cell): Cell => ({
			...cell,
			prepare:
				cell.prepare &&
				((run) =>
					late((cell.prepare as never as (r: typeof run) => Cell)(run))),
			step(x, state, tap, w) {
				const next = cell.step(x, state, tap, w);
				return { ...next, output: clip(next.output, -1, 1) };
			},
		});
		const xs = some([5, 2, 3], 1);
		const run = (steps: boolean) => {
			const layer = unroll(late(stepping(base)));
			const go = () => layer.apply(xs, { training: true, random: random(7) });
			return Array.from((steps ? distinctCalls(go) : go()).data);
		};
		expect(run(false)).toEqual(run(true));
	});
});

describe("a program that was looked into", () => {
	const make = () => zoneout(lstm(of(3, 4)), { c: 0.5, h: 0.3 });
	const xs = some([5, 2, 3], 1);
	/** A run in training, its loss, and the next number of its source. */
	function trained(cell: Cell, inspect: boolean) {
		const source = random(3);
		const options = { training: true, random: source, inspect };
		const run = unroll(cell).run(xs, options);
		const { c } = run.state as Record<string, Tensor>;
		const loss = add(sum(mul(run.outputs, run.outputs)), sum(c));
		return { run, loss, source };
	}
	const gradients = (cell: Cell) =>
		Object.values({ ...cell.weights, xs }).flatMap((t) => {
			const numbers = Array.from((t as Tensor).grad?.data ?? []);
			(t as Tensor).grad = null;
			return numbers;
		});

	test("has the graph of its steps, with their numbers and gradients", () => {
		const [plain, looked] = [make(), make()];
		trained(plain, false).loss.backward();
		const wanted = gradients(plain);
		const { run, loss, source } = trained(looked, true);
		expect(run.outputs.madeBy?.name).toBe("lstm");
		const named = { ...looked.weights, ...run.internals };
		const drawn = graph(loss, named, { values: true, gradients: true });
		expect(apart(gradients(looked), wanted)).toBeLessThan(2e-6);
		expect(source.uniform()).toBe(trained(make(), false).source.uniform());
		const values = (name: string) =>
			drawn.nodes.find((node) => node.name === name)?.values;
		for (const name of ["f", "c", "h"]) {
			const all = run.internals?.[name] as Tensor;
			expect(all.shape).toEqual([5, 2, 4]);
			["₁", "₂", "₃", "₄", "₅"].forEach((step, t) => {
				const own = Array.from(all.data.subarray(t * 8, t * 8 + 8));
				expect(apart(Array.from(values(name + step) ?? []), own)).toBeLessThan(
					2e-6,
				);
			});
		}
	});

	test("has the same gradients after a graph was drawn, without recording too", () => {
		const [plain, looked] = [make(), make()];
		trained(plain, true).loss.backward();
		const wanted = gradients(plain);
		const { loss } = trained(looked, true);
		noGrad(() => graph(loss));
		graph(loss);
		loss.backward();
		expect(apart(gradients(looked), wanted)).toBeLessThan(2e-6);
		expect(noGrad(() => trained(looked, true)).run.outputs.madeBy).toBe(null);
	});

	test("stays one operation where a weight has changed since", () => {
		const cell = make();
		const { loss, run } = trained(cell, true);
		(cell.weights.Wi as Tensor).data[0] += 1;
		graph(loss);
		expect(run.outputs.madeBy?.name).toBe("lstm");
		expect(() => loss.backward()).toThrow("lstm.Wi");
	});
});

test("without gradients a program gives the same, and records nothing", () => {
	const layer = unroll(peephole(of(5, 9)));
	const xs = some([7, 3, 5], 1);
	const quiet = noGrad(() => layer.apply(xs));
	expect(quiet.madeBy).toBe(null);
	expect(Array.from(quiet.data)).toEqual(Array.from(layer.apply(xs).data));
});

test("a program's backward can be had once, and after others were forgotten", () => {
	const layer = unroll(peephole(of(5, 9)));
	const xs = some([7, 3, 5], 1);
	const first = sum(layer.apply(xs));
	for (let i = 0; i < 600; i++) layer.apply(xs); // more than stay in the kernels' memory
	first.backward();
	const gradient = () => Array.from(layer.weights.Wi.grad?.data ?? []);
	const late = gradient();
	layer.weights.Wi.grad = null;
	sum(layer.apply(xs)).backward();
	expect(gradient()).toEqual(late);
	expect(() => first.backward()).toThrow("was freed by an earlier backward()");
});

test("weights that change between a program and its backward are told by name", () => {
	const layer = unroll(peephole(of(5, 9)));
	const loss = sum(layer.apply(some([7, 3, 5], 1)));
	(layer.weights.Wi as Tensor).data[0] += 1;
	expect(() => loss.backward()).toThrow("peephole.Wi");
});
