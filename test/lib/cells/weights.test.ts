import { readFileSync } from "node:fs";
import * as unrolled from "unrolled";
import {
	add,
	type Cell,
	elman,
	gru,
	type LayerState,
	lstm,
	qrnn,
	Tensor,
	type Weights,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { allSteps } from "../../../lib/cells/all-steps.ts";
import { cells, some } from "./table.ts";

/** All numbers of an output or a state. */
const numbers = (state: LayerState): number[] =>
	state instanceof Tensor
		? Array.from(state.data)
		: Object.values(state ?? {}).flatMap(numbers);

describe.each(cells)("%s", (_, cell) => {
	const x = some(2, 2, cell.inputs);
	// a first state that is learnt is read before the steps
	const names = Object.keys(cell.weights).filter((n) => !/^start\./.test(n));

	/** Two steps with these weights; the first one's state is the second one's past. */
	const steps = (w?: Weights) => {
		const at = (t: number) =>
			unrolled.reshape(unrolled.slice(x, 0, t, t + 1), [2, -1]);
		const first = cell.step(at(0), cell.start(2), undefined, w);
		const second = cell.step(at(1), first.state, undefined, w);
		return numbers([first.output, first.state, second.output, second.state]);
	};
	const changed = (name: string): Weights => ({
		...cell.weights,
		[name]: add(cell.weights[name], 0.5),
	});

	test("steps with the weights that it is handed, each of them", () => {
		const own = steps();
		expect(steps({ ...cell.weights })).toEqual(own);
		for (const name of names)
			expect(steps(changed(name)), name).not.toEqual(own);
	});

	const all = allSteps(cell);
	if (all)
		test("so do all steps at once", () => {
			const whole = (weights: Weights) => {
				const done = all(x, cell.start(2), { weights });
				return done && numbers([done.outputs, done.state]);
			};
			const own = whole(cell.weights);
			if (own === undefined) return; // no kernel for float64
			for (const name of names)
				expect(whole(changed(name)), name).not.toEqual(own);
		});
});

/** Kernels are for float32. */
describe.each([
	["lstm", lstm],
	["gru", gru],
	["elman", elman],
	["qrnn", qrnn],
] as const)("all steps of %s at once in float32", (_, make) => {
	const cell: Cell = make({
		inputs: 3,
		hidden: 4,
		random: unrolled.random(2),
	}) as Cell;
	const x = unrolled.tensor(some(3, 2, 3).toArray());

	test("use the weights that they are handed, each of them", () => {
		const whole = (weights: Weights) => {
			const done = allSteps(cell)?.(x, cell.start(2), { weights });
			return numbers([done?.outputs, done?.state]);
		};
		const own = whole(cell.weights);
		expect(own.length).toBeGreaterThan(0);
		for (const [name, w] of Object.entries(cell.weights))
			expect(whole({ ...cell.weights, [name]: add(w, 0.5) }), name).not.toEqual(
				own,
			);
	});
});

test("every exported cell and wrapper stands in test/lib/cells/table.ts", () => {
	const base = {
		inputs: 3,
		hidden: 4,
		outputs: 2,
		projection: 2,
		depth: 2,
		random: unrolled.random(1),
	};
	/** Calls an export as a cell's factory would be called; undefined where it is none. */
	const attempt = (f: unknown): unknown => {
		const sizes = [
			["inputs", "hidden", "random"],
			["inputs", "hidden", "random", "outputs"],
			["inputs", "hidden", "random", "projection"],
			["inputs", "hidden", "random", "depth"],
		];
		for (const names of sizes) {
			const options = Object.fromEntries(
				names.map((name) => [name, base[name as keyof typeof base]]),
			);
			try {
				return (f as (o: object) => unknown)(options);
			} catch {}
		}
		const inner = unrolled.lstm({ inputs: 3, hidden: 4, random: base.random });
		const jordan = unrolled.jordan({
			inputs: 3,
			hidden: 4,
			outputs: 2,
			random: base.random,
		});
		for (const given of [
			[inner, 0.5],
			[inner, { c: 0.5 }],
			[inner, { state: 0.5 }],
			[jordan],
		])
			try {
				return (f as (...given: unknown[]) => unknown)(...given);
			} catch {}
		return undefined;
	};
	const isCell = (made: unknown): made is Cell =>
		typeof made === "object" &&
		made !== null &&
		"step" in made &&
		"start" in made;
	const exported = Object.entries(unrolled)
		.filter(
			([name, f]) =>
				name !== "useWasm" && typeof f === "function" && isCell(attempt(f)),
		)
		.map(([name]) => name);
	expect(exported).toContain("lstm");
	expect(exported).toContain("zoneout");
	const path = new URL("./table.ts", import.meta.url);
	const text = readFileSync(path, "utf8");
	for (const name of exported)
		expect(text, `${name} is not in the table`).toMatch(
			new RegExp(`\\b${name}\\(`),
		);
});
