import {
	attending,
	type Cell,
	dotAttention,
	elman,
	gal,
	lstm,
	semeniuta,
	unroll,
	weightDrop,
	zoneout,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { eight as make, some, training, wrapped } from "./table.ts";

/** Masked in name only: nothing is ever dropped. */
const never = 1e-300;
const attend = dotAttention().over(some(2, 3, 8));
const wrappers: [string, Cell, (cell: Cell) => Cell][] = [
	["gal", lstm(make), (c) => gal(c, { inputs: never, state: never })],
	["semeniuta", lstm(make), (c) => semeniuta(c, never)],
	["zoneout", lstm(make), (c) => zoneout(c, { c: never, h: never })],
	[
		"attending",
		elman({ ...make, inputs: 2 + 8 }),
		(c) => attending(c, { attend, inputs: 2 }),
	],
];

describe.each(wrappers)("%s", (_, cell, wrap) => {
	const run = (cell: Cell) =>
		unroll(cell)
			.apply(some(4, 3, 2), training(3))
			.toArray();
	const [plain, dropped] = [run(wrap(cell)), run(weightDrop(wrap(cell), 0.5))];

	test("uses the weights that a wrapper around it hands in", () => {
		expect(dropped).not.toEqual(plain);
	});

	test("leaves the wrapper inside its masks", () => {
		expect(run(wrap(weightDrop(cell, 0.5)))).toEqual(dropped);
	});
});

test("in evaluation every wrapper but zoneout is the cell inside, kernel and all", () => {
	for (const [name, cell] of wrapped) {
		if (/zoneout|learnt start|all of them/.test(name)) continue;
		const run = { batch: 1, dtype: "float64" } as const;
		const now = cell.prepare?.(run) as Cell;
		expect(now.prepare).toBe(undefined);
		expect(now.weights).toBe(cell.weights);
	}
});
