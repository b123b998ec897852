import {
	clipNorm,
	concat,
	dense,
	gather,
	gradientNorm,
	layerNorm,
	logSoftmax,
	mean,
	monteCarlo,
	mul,
	random,
	softmax,
	softmaxCrossEntropy,
	sum,
	type Tensor,
	tensor,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";

/** The largest error of float32 numbers beside double ones, relative to the larger of 1e-6 and the number. */
function worst(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
	const errors = Array.from(got, (value, i) =>
		value === wanted[i]
			? 0
			: Math.abs(value - wanted[i]) / Math.max(1e-6, Math.abs(wanted[i])),
	);
	return errors.reduce((a, b) => Math.max(a, b), 0);
}

const far: [string, number[]][] = [
	["two that share 10⁴", [1e4, 1e4, 0]],
	["around 1000", [1000, 999, 998.5, 1001, 997]],
	["around −1000", [-1000, -999, -998.5, -1001, -997]],
	["around 10⁶", [1e6, 1e6 - 1, 1e6 - 2, 1e6 + 1, 1e6 - 3]],
	["many that are alike", Array.from({ length: 10_000 }, () => 500)],
	["far apart", [-1e30, 0, 1e30]],
	["some that cannot be", [-Infinity, 0, 1]],
];

describe.each([
	["softmax", softmax],
	["logSoftmax", logSoftmax],
	["softmaxCrossEntropy", (x: Tensor) => softmaxCrossEntropy(x, 1)],
] as const)("%s has in float32 the digits of float64", (_, f) => {
	test.each(far)("%s", (_, logits) => {
		const run = (dtype: "float32" | "float64") => {
			const x = tensor(logits, { dtype, requiresGrad: true });
			const y = f(x);
			const weights = logits.map((_, i) => (y.size > 1 && i === 1 ? 1 : 0));
			const loss = y.size === 1 ? y : sum(mul(y, tensor(weights, { dtype })));
			if (Number.isFinite(loss.item())) loss.backward();
			return { y: y.data, gradient: x.grad?.data ?? [] };
		};
		const [single, double] = [run("float32"), run("float64")];
		expect(worst(single.y, double.y)).toBeLessThan(2e-6);
		expect(worst(single.gradient, double.gradient)).toBeLessThan(2e-6);
	});
});

test("logSoftmax of two that share 10⁴ is −ln 2, in float64 to its last digits", () => {
	for (const shift of [0, 1e4, 1e10]) {
		const x = tensor([shift, shift], { dtype: "float64" });
		expect(logSoftmax(x).data[0]).toBeCloseTo(-Math.LN2, 15);
		expect(softmaxCrossEntropy(x, 0).item()).toBeCloseTo(Math.LN2, 15);
	}
});

describe("long lists keep their digits", () => {
	const n = 1_000_000;
	const tenth = Math.fround(0.1);

	test("a sum and a mean of a million tenths", () => {
		const x = tensor(new Float32Array(n).fill(tenth));
		expect(sum(x).item()).toBe(Math.fround(n * tenth));
		expect(mean(x).item()).toBe(tenth);
	});

	test("a mean of numbers whose sum float32 does not hold", () => {
		expect(mean(tensor([3e38, 3e38, 3e38])).item()).toBeCloseTo(3e38, -32);
	});

	test("the gradient of a bias that is added a million times", () => {
		const layer = dense({ inputs: 1, outputs: 1, random: random(1) });
		sum(mul(layer.apply(zeros([n, 1])), tenth)).backward();
		expect(layer.weights.b.grad?.item()).toBe(Math.fround(n * tenth));
	});

	test("the gradient of a row that is read a million times", () => {
		const table = zeros([2, 1], { requiresGrad: true });
		sum(mul(gather(table, new Uint8Array(n)), tenth)).backward();
		expect(table.grad?.data[0]).toBe(Math.fround(n * tenth));
	});

	test("the mean over many runs of Monte Carlo", () => {
		const model = dense({ inputs: 1, outputs: 3, random: random(1) });
		const x = tensor([[0.3]]);
		const options = { samples: 20_000, random: random(1) };
		const averaged = monteCarlo(model, x, options);
		expect(averaged.toArray()).toEqual(softmax(model.apply(x)).toArray());
	});
});

describe("norms that overflow or vanish", () => {
	const withGradient = (values: number[], dtype: "float32" | "float64") => {
		const w = zeros([values.length], { dtype, requiresGrad: true });
		w.grad = tensor(values, { dtype });
		return w;
	};

	test("squares that a double does not hold", () => {
		for (const size of [1e200, 1e-200]) {
			const w = withGradient([3 * size, -4 * size], "float64");
			expect(gradientNorm([w]) / size).toBeCloseTo(5, 12);
			clipNorm([w], size);
			expect((w.grad?.data[0] ?? 0) / size).toBeCloseTo(0.6, 12);
			expect((w.grad?.data[1] ?? 0) / size).toBeCloseTo(-0.8, 12);
		}
	});

	test("a norm that float32 does not hold, of numbers that it holds", () => {
		const w = withGradient(Array<number>(10_000).fill(3e38), "float32");
		expect(gradientNorm([w])).toBeCloseTo(Math.fround(3e38) * 100, -36);
		clipNorm([w], 1);
		expect(worst(w.grad?.data ?? [], Array(10_000).fill(0.01))).toBeLessThan(
			1e-6,
		);
	});
});

test("layer normalisation keeps its digits far from 0", () => {
	const rows = [
		[1, 2, 3, 4],
		[-1, 0, 0.5, 8],
	];
	const near = (shift: number, dtype: "float32" | "float64") => {
		const shifted = rows.map((row) => row.map((v) => v + shift));
		const layer = layerNorm({ size: 4, dtype });
		return layer.apply(tensor(shifted, { dtype })).data;
	};
	// shifts that both types hold exactly beside these numbers
	expect(worst(near(2 ** 20, "float32"), near(0, "float64"))).toBeLessThan(
		1e-6,
	);
	expect(worst(near(2 ** 44, "float64"), near(0, "float64"))).toBeLessThan(
		1e-12,
	);
	expect(concat([layerNorm({ size: 1 }).apply(tensor([7]))]).item()).toBe(0);
});
