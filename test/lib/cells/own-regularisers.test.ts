import {
	gal,
	lstm,
	qrnn,
	random,
	type Tensor,
	unroll,
	zoneout,
} from "unrolled";
import { expect, test } from "vitest";
import { drawn, eight, some, training } from "./table.ts";

const make = (rate?: number) =>
	qrnn({ ...eight, random: random(5), zoneout: rate });

test("in evaluation QRNN's own zoneout keeps as much of the memory as the wrapper does, and shows what it kept", () => {
	const xs = some(4, 2, 2);
	const own = unroll(make(0.3));
	const other = unroll(zoneout(make(), { c: 0.3 }));
	const [a, b] = [own.run(xs), other.run(xs)].map(
		({ state }) => (state as { c: Tensor }).c,
	);
	a.data.forEach((value, i) => {
		expect(value).toBeCloseTo(b.data[i], 10);
	});
	const { internals, outputs } = own.run(xs, { inspect: true });
	const { o, c } = internals as Record<string, Tensor>;
	outputs.data.forEach((value, i) => {
		expect(value).toBeCloseTo(o.data[i] * c.data[i], 12);
	});
});

test("while training a unit keeps its whole memory, or forgets as it would have, with the probability given", () => {
	const xs = some(200, 2, 2);
	const { internals } = unroll(make(0.3)).run(xs, {
		...training(1),
		inspect: true,
	});
	const plain = unroll(make()).run(xs, { inspect: true }).internals as Record<
		string,
		Tensor
	>;
	const { f } = internals as Record<string, Tensor>;
	let kept = 0;
	f.data.forEach((value, i) => {
		if (value === 1) kept++;
		else expect(value).toBeCloseTo(plain.f.data[i], 12);
	});
	expect(kept / f.size).toBeCloseTo(0.3, 1);
});

test("untied, each gate drops inputs and states of its own, and what stays is divided by 1 − rate", () => {
	const cell = lstm({ ...eight, inputs: 8 });
	const thin = drawn(gal(cell, { inputs: 0.5, state: 0.5, untied: true }), 3);
	const rows = (name: string) =>
		Array.from({ length: 8 }, (_, row) => {
			const [w, own] = [thin.weights[name], cell.weights[name as "Wi"]].map(
				(t) => t.data.subarray(8 * row, 8 * row + 8),
			);
			if (w.every((v) => v === 0)) return 0;
			w.forEach((v, j) => {
				expect(v).toBeCloseTo(2 * own[j], 12);
			});
			return 1;
		}).join("");
	for (const letter of ["W", "U"]) {
		const masks = ["i", "f", "g", "o"].map((gate) => rows(letter + gate));
		expect(new Set(masks).size).toBe(4);
	}
	expect(thin.weights.bi).toBe(cell.weights.bi);
	expect(() => gal(qrnn(eight), { state: 0.5, untied: true })).toThrow(
		"gal: no product of qrnn reads its state",
	);
});
