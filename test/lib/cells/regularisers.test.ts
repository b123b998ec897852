import {
	type Cell,
	constant,
	deepTransition,
	elman,
	gal,
	gru,
	identity,
	lstm,
	pass,
	qrnn,
	rhn,
	semeniuta,
	sru,
	sru2017,
	type Tensor,
	unroll,
	weightDrop,
	zeros,
	zoneout,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { allSteps } from "../../../lib/cells/all-steps.ts";
import { f64, set } from "./by-hand.ts";
import { drawn, eight as make, some, training } from "./table.ts";

describe("semeniuta", () => {
	/** f = i = 1 and g = 0.5 in every unit: each step adds 0.5 to the memory, or with the candidate dropped nothing. */
	function adder(per?: "step" | "sequence") {
		const cell = lstm(make);
		for (const w of Object.values(cell.weights)) w.data.fill(0);
		cell.weights.bi.data.fill(1e3);
		cell.weights.bf.data.fill(1e3);
		cell.weights.bg.data.fill(Math.atanh(0.5));
		return unroll(semeniuta(cell, 0.5, { per })).run(some(6, 2, 2), {
			...training(2),
			inspect: true,
		});
	}

	test("drops what is proposed, doubles what stays, and never loses the memory", () => {
		const { c } = adder().internals as Record<string, Tensor>;
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

	test("draws for each sequence", () => {
		const { c } = adder().internals as Record<string, Tensor>;
		const [a, b] = (c.toArray() as number[][][])[5];
		expect(a).not.toEqual(b);
	});

	test("per sequence, a unit adds at every step or never", () => {
		const { c } = adder("sequence").internals as Record<string, Tensor>;
		const [end] = (c.toArray() as number[][][])[5];
		const counts = end.map((v) => Math.round(v));
		for (const v of counts) expect([0, 6]).toContain(v);
		expect(new Set(counts).size).toBe(2);
	});

	test.each<[string, Cell, string[]]>([
		["lstm", lstm(make), ["g", "c", "h"]],
		["gru", gru(make), ["candidate", "h"]],
		["sru", sru(make), ["candidate", "c", "h"]],
		["sru of 2017", sru2017(make), ["candidate", "c", "h"]],
		["qrnn", qrnn(make), ["z", "c", "h"]],
	])("drops the candidate of %s and no gate", (_, cell, wanted) => {
		const seen = (now: Cell) => {
			const values = new Map<string, string>();
			now.step(f64([[1, -1]]), now.start(1), (name, value) => {
				values.set(name, String(value.data));
				return value;
			});
			return values;
		};
		const [plain, masked] = [cell, drawn(semeniuta(cell, 0.5))].map(seen);
		const changed = [...plain.keys()].filter(
			(name) => plain.get(name) !== masked.get(name),
		);
		expect(changed).toEqual(wanted);
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

	/** What one step without inputs makes of a state of ones that half is dropped from. */
	const fromOnes = (cell: Cell) => {
		const { step } = drawn(gal(cell, { state: 0.5 }));
		const state = f64([new Array(8).fill(1)]);
		return new Set(step(f64([[0, 0]]), state).output.data);
	};

	test("says when a rate has nothing to drop", () => {
		expect(() => gal(gru(make), { input: 0.5 } as object)).toThrow(
			"gal: there is no option input; did you mean inputs? It takes inputs, state, outputs",
		);
		const cell = drawn(gal(sru(make), { state: 0.5 }));
		expect(() => cell.step(f64([[1, 2]]), cell.start(1))).toThrow(
			"gal: no product of sru reads its state, so there is nothing for a rate of it to drop",
		);
	});

	test("what a gate carries over unread stays whole", () => {
		const cell = gru(make);
		cell.weights.bz.data.fill(1e3); // z = 1: keep
		const h = some(1, 1, 8).data;
		const state = f64([Array.from(h)]);
		const next = drawn(gal(cell, { state: 0.5 })).step(f64([[1, 2]]), state);
		expect(next.output.toArray()).toEqual(state.toArray());
		const carrying = rhn({ ...make, depth: 2, transformBias: -1e3 });
		expect(fromOnes(carrying)).toEqual(new Set([1]));
	});

	test("the candidate of a GRU reads the masked state", () => {
		const cell = gru({ ...make, initial: { U: identity() } });
		cell.weights.bz.data.fill(-1e3); // z = 0: all new
		cell.weights.br.data.fill(1e3); // r = 1
		expect(fromOnes(cell)).toEqual(new Set([0, Math.tanh(2)]));
	});

	test("the shortcut of a deep transition reads the masked state", () => {
		const initial = { U: constant(0), S: identity() };
		const options = { depth: 2, shortcut: true, initial };
		const cell = deepTransition({ ...make, ...options });
		expect(fromOnes(cell)).toEqual(new Set([0, Math.tanh(2)]));
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

	test("drops the matrices U…, unless told", () => {
		const cell: Cell = lstm(make);
		const { weights } = drawn(weightDrop(cell, 0.5));
		const touched = Object.keys(weights).filter(
			(name) => weights[name] !== cell.weights[name],
		);
		expect(touched).toEqual(["Ui", "Uf", "Ug", "Uo"]);
		const deep = deepTransition({ ...make, depth: 2, shortcut: true });
		const dropped = drawn(weightDrop(deep, 0.5)).weights;
		for (const name of ["U1", "U2", "S"])
			expect(dropped[name].data).toContain(0);
	});

	test("says when there is nothing to drop", () => {
		expect(() => weightDrop(sru({ ...make, hidden: 2 }), 0.5)).toThrow(
			"weightDrop: sru has no weights between states; wanted names out of W, Wf, bf, Wr, br, vf, vr",
		);
	});

	test("around another, both drop", () => {
		const cell: Cell = elman(make);
		const inner = weightDrop(cell, 0.5, ["U"]);
		const { step, weights } = drawn(weightDrop(inner, 0.5, ["W"]));
		expect(weights.U.data).toContain(0);
		expect(weights.W.data).toContain(0);
		const [x, h] = [f64([[1, 2]]), f64([new Array(8).fill(1)])];
		expect(step(x, h).output.toArray()).toEqual(
			cell.step(x, h, pass, weights).output.toArray(),
		);
	});

	test("runs all steps at once, where the other wrappers must not", () => {
		const cell = lstm(make);
		const of = <C extends Cell>(made: C) => allSteps(drawn(made));
		const all = allSteps(cell);
		expect(all).toBeInstanceOf(Function);
		expect(of(weightDrop(cell, 0.5))).toBe(all);
		expect(of(gal(cell, { inputs: 0.5, untied: true }))).toBe(all);
		expect(of(gal(cell, { state: 0.5 }))).toBe(undefined);
		expect(of(semeniuta(cell, 0.5))).toBe(undefined);
		expect(of(zoneout(cell, { c: 0.5 }))).toBe(undefined);
		expect(allSteps(zoneout(cell, { c: 0.5 }))).toBe(undefined);
		expect(allSteps({ ...cell, step: (...given) => cell.step(...given) })).toBe(
			undefined,
		);
	});

	test("names the weights there are", () => {
		expect(() => weightDrop(qrnn(make), 0.5, ["U"])).toThrow(
			"weightDrop: U is not one of Wz, bz, Wf, bf, Wo, bo",
		);
	});
});
