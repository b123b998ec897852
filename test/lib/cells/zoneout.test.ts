import {
	detach,
	gal,
	gru,
	irnn,
	lstm,
	sru,
	Tensor,
	unroll,
	zeros,
	zoneout,
} from "unrolled";
import { expect, test } from "vitest";
import { f64 } from "./by-hand.ts";
import { drawn, eight as make, simple, some, training } from "./table.ts";

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

test.each(simple)(
	"zoneout with rate 0 of %s is the cell itself, in training and in evaluation",
	(_, cell) => {
		const state = cell.start(0);
		const none = Object.keys(state).map((part) => [part, 0]);
		const rates = state instanceof Tensor ? 0 : Object.fromEntries(none);
		const xs = some(4, 3, cell.inputs);
		const plain = unroll(cell).run(xs);
		for (const options of [{}, training(1)]) {
			const zoned = unroll(zoneout(cell, rates)).run(xs, options);
			expect(zoned.outputs.toArray()).toEqual(plain.outputs.toArray());
			expect(detach(zoned.state)).toEqual(detach(plain.state));
		}
	},
);

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
		"zoneout: the rate of h must be a number in [0, 1), got 1",
	);
	expect(() => zoneout(sru(make), { h: 0.5 })).toThrow(
		"zoneout: the state of sru has c, not h",
	);
	expect(() => zoneout(lstm(make), {})).toThrow(
		"zoneout: wanted a rate for at least one of h, c",
	);
	expect(() => zoneout(gal(gru(make), { outputs: 0.5 }), 0.5)).toThrow(
		"zoneout: gal masks the outputs, which comes after; wanted gal(zoneout(…), …)",
	);
});

test("inside gal, zoneout keeps what gal then puts out", () => {
	const kept = gal(zoneout(gru(make), 1 - 1e-12), { outputs: 0.5 });
	const h = f64([[3, 3, 3, 3, 3, 3, 3, 3]]);
	const { output } = drawn(kept).step(f64([[1, 2]]), h);
	expect(new Set(output.data)).toEqual(new Set([0, 6]));
});

test("zoneout draws at every step, and for each sequence", () => {
	// each unit counts the steps that it took
	const cell = irnn(make);
	cell.weights.W.data.fill(0);
	cell.weights.b.data.fill(1);
	const ys = unroll(zoneout(cell, 0.5)).apply(some(6, 2, 2), training(1));
	const [a, b] = (ys.toArray() as number[][][])[5];
	expect(new Set(a).size).toBeGreaterThan(2); // not 0 and 6 alone
	expect(a).not.toEqual(b);
});

test("internals under zoneout show the state that is carried on, by the cell's own name for it", () => {
	const layer = unroll(zoneout(sru(make), 0.5));
	const run = layer.run(some(1, 2, 2), { ...training(1), inspect: true });
	expect(run.internals?.c.toArray()).toEqual([(run.state as Tensor).toArray()]);
});
