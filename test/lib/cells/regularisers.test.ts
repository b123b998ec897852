import {
	attending,
	type Cell,
	dotAttention,
	elman,
	gal,
	gru,
	type LstmState,
	lstm,
	qrnn,
	random,
	semeniuta,
	type Tensor,
	unroll,
	weightDrop,
	zeros,
	zoneout,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { f64, set } from "./by-hand.ts";
import { wrapped } from "./table.ts";

const make = {
	inputs: 2,
	hidden: 8,
	random: random(5),
	dtype: "float64",
} as const;
const training = (seed: number) => ({ training: true, random: random(seed) });
/** Numbers [T, B, D] that look random enough. */
const some = (T: number, B: number, D: number): Tensor => {
	const made = zeros([T, B, D], { dtype: "float64" });
	for (let i = 0; i < made.size; i++) made.data[i] = Math.sin(7 * i + 1);
	return made;
};
/** The cell as it is in one run of training. */
const drawn = <C extends Cell>(cell: C, seed = 1, batch = 1): Cell =>
	cell.prepare?.({ batch, dtype: "float64", ...training(seed) }) as Cell;

test("zoneout keeps a unit's old value or takes the new one, and counts as its rate says", () => {
	const cell = lstm({ ...make, hidden: 400 });
	const state = {
		h: zeros([1, 400], { dtype: "float64" }),
		c: zeros([1, 400], { dtype: "float64" }),
	};
	state.h.data.fill(0.25);
	state.c.data.fill(0.75);
	const x = f64([[1, -1]]);
	const plain = cell.step(x, state);
	const zoned = drawn(zoneout(cell, { c: 0.3, h: 0.1 })).step(x, state);
	const kept = { c: 0, h: 0 };
	for (const part of ["c", "h"] as const) {
		const [old, fresh, got] = [state, plain.state, zoned.state].map(
			(s) => (s as typeof state)[part].data,
		);
		got.forEach((v: number, i: number) => {
			if (v === old[i]) kept[part]++;
			// h′ is that of the memory before it was mixed
			else expect(v).toBe(fresh[i]);
		});
	}
	expect(kept.c / 400).toBeCloseTo(0.3, 1);
	expect(kept.h / 400).toBeCloseTo(0.1, 1);
	expect(zoned.output).toBe((zoned.state as typeof state).h);
});

test("zoneout in evaluation puts the rate where the mask stood", () => {
	const cell = lstm({ ...make, hidden: 1 });
	const state = { h: f64([[0.25]]), c: f64([[0.75]]) };
	const x = f64([[1, -1]]);
	const plain = cell.step(x, state).state;
	const zoned = zoneout(cell, { c: 0.3, h: 0.1 }).step(x, state);
	expect(zoned.state.c.item()).toBeCloseTo(
		0.3 * 0.75 + 0.7 * plain.c.item(),
		14,
	);
	expect(zoned.output.item()).toBeCloseTo(
		0.1 * 0.25 + 0.9 * plain.h.item(),
		14,
	);
});

test("zoneout with rate 0 is the cell itself, in training and in evaluation", () => {
	const [g, l] = [gru(make), lstm(make)];
	const xs = some(4, 3, 2);
	for (const options of [{}, training(1)]) {
		expect(unroll(zoneout(g, 0)).apply(xs, options).toArray()).toEqual(
			unroll(g).apply(xs).toArray(),
		);
		expect(
			unroll(zoneout(l, { c: 0, h: 0 }))
				.apply(xs, options)
				.toArray(),
		).toEqual(unroll(l).apply(xs).toArray());
	}
});

test("zoneout says what rates the state wants", () => {
	expect(() => zoneout(lstm(make), 0.5)).toThrow(
		"zoneout: the state of lstm wants rates by name, of h, c",
	);
	expect(() => zoneout(gru(make), { c: 0.5 })).toThrow(
		"zoneout: the state of gru has h, not c",
	);
	expect(() => zoneout(lstm(make), { d: 0.5 })).toThrow(
		"zoneout: the state of lstm has h, c, not d",
	);
	expect(() => zoneout(gru(make), 1)).toThrow(
		"zoneout: a rate must be from 0 up to, not with, 1, got 1",
	);
});

describe("semeniuta", () => {
	/** f = i = 1 and g = 0.5 in every unit: each step adds 0.5 to the memory, or with the candidate dropped nothing. */
	function adder(per: "step" | "sequence") {
		const cell = lstm(make);
		for (const w of Object.values(cell.weights)) w.data.fill(0);
		cell.weights.bi.data.fill(1e3);
		cell.weights.bf.data.fill(1e3);
		cell.weights.bg.data.fill(Math.atanh(0.5));
		return unroll(semeniuta(cell, 0.5, { per })).run(some(6, 1, 2), {
			...training(2),
			inspect: true,
		});
	}

	test("drops what is proposed, doubles what stays, and never loses the memory", () => {
		const { c } = adder("step").internals as Record<string, Tensor>;
		let last = new Array(8).fill(0);
		for (const [row] of c.toArray() as number[][][]) {
			row.forEach((v, j) => {
				expect([last[j], last[j] + 1]).toContain(Math.round(v * 1e9) / 1e9);
			});
			last = row.map((v) => Math.round(v * 1e9) / 1e9);
		}
		// Masks change from step to step: no unit got all or nothing.
		for (const v of last) expect([1, 2, 3, 4, 5]).toContain(v);
	});

	test("per sequence, a unit adds at every step or never", () => {
		const { c } = adder("sequence").internals as Record<string, Tensor>;
		const [end] = (c.toArray() as number[][][])[5];
		const counts = end.map((v) => Math.round(v));
		for (const v of counts) expect([0, 6]).toContain(v);
		expect(new Set(counts).size).toBe(2);
	});

	test("refuses a cell that overwrites its state", () => {
		expect(() => semeniuta(elman(make), 0.5)).toThrow(
			"semeniuta: elman has no candidate that it adds to a memory",
		);
	});
});

describe("gal", () => {
	/** relu units that add up: unit j gets x₁, and its own past. */
	const counter = () => {
		const cell = elman({ ...make, hidden: 2, activation: "relu" });
		set(cell.weights, { W: [1, 0, 0, 1], U: [1, 0, 0, 1], b: [0, 0] });
		return cell;
	};
	const ones = zeros([4, 40, 2], { dtype: "float64" });
	ones.data.fill(1);
	/** The outputs of unit 0 over time, for each of the 40 sequences. */
	const histories = (rates: Parameters<typeof gal>[1]) => {
		const ys = unroll(gal(counter(), rates)).apply(ones, training(3));
		const numbers = ys.toArray() as number[][][];
		const columns = numbers[0].map((_, b) => numbers.map((y) => y[b][0]));
		return new Set(columns.map(String));
	};

	test("drops inputs, state and outputs, with one mask from start to end and one for each sequence", () => {
		expect(histories({})).toEqual(new Set(["1,2,3,4"]));
		expect(histories({ inputs: 0.5 })).toEqual(new Set(["0,0,0,0", "2,4,6,8"]));
		expect(histories({ state: 0.5 })).toEqual(new Set(["1,1,1,1", "1,3,7,15"]));
		expect(histories({ outputs: 0.5 })).toEqual(
			new Set(["0,0,0,0", "2,4,6,8"]),
		);
	});

	test("what a gate carries over unread stays whole", () => {
		const cell = gru(make);
		cell.weights.bz.data.fill(1e3); // z = 1: keep
		const h = some(1, 1, 8).data;
		const state = f64([Array.from(h)]);
		const next = drawn(gal(cell, { state: 0.5 })).step(f64([[1, 2]]), state);
		expect(next.output.toArray()).toEqual(state.toArray());
	});
});

describe("weightDrop", () => {
	test("drops weights once a run, the same for all sequences, and keeps the cell's own", () => {
		const cell = elman({ ...make, activation: "relu" });
		const eye = Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0));
		set(cell.weights, { W: new Array(16).fill(0), U: eye, b: 0 });
		cell.weights.b.data.fill(0);
		const start = zeros([3, 8], { dtype: "float64" });
		start.data.fill(1);
		const ys = unroll(weightDrop(cell, 0.5)).apply(some(3, 3, 2), {
			...training(4),
			state: start,
		});
		const [first, , third] = ys.toArray() as number[][][];
		for (const row of first) expect(row).toEqual(first[0]);
		expect(new Set(first[0])).toEqual(new Set([0, 2]));
		expect(third[0]).toEqual(first[0].map((v) => v * 4));
		expect(Array.from(cell.weights.U.data)).toEqual(eye);
	});

	test("runs all steps at once, where the other wrappers must not", () => {
		const cell = lstm(make);
		expect(drawn(weightDrop(cell, 0.5)).whole).toBe(cell.whole);
		expect(drawn(gal(cell, { state: 0.5 })).whole).toBe(undefined);
		expect(drawn(semeniuta(cell, 0.5)).whole).toBe(undefined);
		expect(drawn(zoneout(cell, { c: 0.5 })).whole).toBe(undefined);
		expect(zoneout(cell, { c: 0.5 }).whole).toBe(undefined);
	});

	test("names the weights there are", () => {
		expect(() => weightDrop(qrnn(make), 0.5, ["U"])).toThrow(
			"weightDrop: U is not one of Wz, bz, Wf, bf, Wo, bo",
		);
	});
});

test("in evaluation every wrapper but zoneout is the cell inside, kernel and all", () => {
	for (const [name, cell] of wrapped) {
		if (name.startsWith("zoneout") || name === "all of them") continue;
		const run = { batch: 1, dtype: "float64" } as const;
		const now = cell.prepare?.(run) as Cell;
		expect(now.prepare).toBe(undefined);
		expect(now.weights).toBe(cell.weights);
	}
});

test("masks of a step are drawn anew at every step, and for each sequence", () => {
	const count = elman({ ...make, hidden: 200, activation: "relu" }); // counts the steps that were not skipped
	for (const w of Object.values(count.weights)) w.data.fill(0);
	count.weights.b.data.fill(1);
	for (let i = 0; i < 200; i++) count.weights.U.data[201 * i] = 1;
	const xs = zeros([6, 2, 2], { dtype: "float64" });
	const ys = unroll(zoneout(count, 0.5)).apply(xs, training(1));
	const [a, b] = (ys.toArray() as number[][][])[5];
	expect(new Set(a).size).toBeGreaterThan(2); // not 0 and 6 alone
	expect(a).not.toEqual(b);

	const adder = lstm({ ...make, hidden: 200 }); // c counts the steps whose candidate was not dropped, twice
	for (const w of Object.values(adder.weights)) w.data.fill(0);
	for (const gate of ["i", "f", "g"] as const)
		adder.weights[`b${gate}`].data.fill(1e3);
	const { state } = unroll(semeniuta(adder, 0.5)).run(xs, training(2));
	const [c, d] = (state as LstmState).c.toArray() as number[][];
	expect(new Set(c).size).toBeGreaterThan(2);
	expect(c).not.toEqual(d);
});

test("weightDrop drops the weights U…, unless told", () => {
	const cell: Cell = lstm(make);
	const { weights } = drawn(weightDrop(cell, 0.5));
	const dropped = Object.keys(weights).filter(
		(name) => weights[name] !== cell.weights[name],
	);
	expect(dropped).toEqual(["Ui", "Uf", "Ug", "Uo"]);
});

describe("masks of weightDrop go through other wrappers,", () => {
	const run = (cell: Cell) =>
		unroll(cell)
			.apply(some(4, 3, cell.inputs), training(3))
			.toArray();
	const attend = dotAttention().over(some(2, 3, 8));
	test.each<[string, (cell: Cell) => Cell, Cell]>([
		["gal", (cell) => gal(cell, {}), lstm(make)],
		["semeniuta", (cell) => semeniuta(cell, 0), lstm(make)],
		["zoneout", (cell) => zoneout(cell, { h: 0 }), elman(make)],
		[
			"attending",
			(cell) => attending(cell, { attend, inputs: 2 }),
			elman({ ...make, inputs: 10 }),
		],
	])("inside and outside of %s", (_, wrap, cell) => {
		const whole = run(wrap(cell));
		expect(run(wrap(weightDrop(cell, 0.5)))).not.toEqual(whole);
		expect(run(weightDrop(wrap(cell), 0.5))).not.toEqual(whole);
	});
});
