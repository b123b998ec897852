import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Fused } from "../../lib/backend/backend.ts";
import { readModule } from "../../lib/backend/wasm/module.ts";
import { plans } from "../../lib/backend/wasm/plans.ts";
import { blank, layout } from "../../lib/backend/wasm/run.ts";
import { builds } from "./backends.ts";

test("the host writes the fields of a run in the order in which the kernels read them", () => {
	const file = new URL(
		"../../lib/backend/wasm/kernels/run.ts",
		import.meta.url,
	);
	const [, body] =
		/class FusedRun \{([\s\S]*?)\n\}/.exec(readFileSync(file, "utf8")) ?? [];
	const fields = [...body.matchAll(/^\t(\w+): (?:i32|usize);/gm)];
	expect(Object.keys(blank)).toEqual(fields.map(([, name]) => name));
});

test.each(Object.entries(plans))(
	"the kernels of %s are exported",
	(_, plan) => {
		const module = readModule("simd") as WebAssembly.Module;
		const names = WebAssembly.Module.exports(module).map(({ name }) => name);
		expect(names).toEqual(
			expect.arrayContaining([plan.forward, plan.backward]),
		);
	},
);

test("every state has rows of its own: all steps of the first, and of the others where a backward comes", () => {
	const plan = { ...plans.lstm, states: ["h", "c", "m"], keptGates: 0 };
	const sequence = {
		...{ T: 1000, B: 2, D: 1, H: 8 },
		...{ x: new Float32Array(), state: [], weights: [] },
	};
	const row = 2 * 8 * 4; // B sequences of P numbers
	const rows = (record: boolean) => {
		const whole = { from: 0, B: 2 };
		const at = layout(
			{ ...plan, extra: false },
			{ ...sequence, record },
			whole,
			640,
			64,
		);
		const { states } = at;
		const ends = [...states.slice(1).map(({ first }) => first), 640 + at.size];
		return states.map(({ first, last }, i) => [
			(last - first) / row,
			(ends[i] - first) / row,
		]);
	};
	expect(rows(true)).toEqual([
		[1000, 1001],
		[1000, 1001],
		[1000, 1001],
	]);
	expect(rows(false)).toEqual([
		[1000, 1001],
		[0, 1],
		[0, 1],
	]);
});

test("a cell that hands over other states or weights than its plan counts is refused", () => {
	const fused = builds[0][1].fused?.lstm as Fused;
	const h = new Float32Array(8);
	const run = (state: Float32Array[], weights: number) => () =>
		fused.forward({
			...{ T: 1, B: 1, D: 1, H: 8, x: new Float32Array(1), state },
			weights: Array.from({ length: weights }, () => h),
			record: false,
		});
	expect(run([h], 12)).toThrow(
		"lstm: the kernel takes the states h, c and 12 weights, got 1 states and 12 weights",
	);
	expect(run([h, h], 13)).toThrow("got 2 states and 13 weights");
});
