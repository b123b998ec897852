import {
	type Attention,
	additiveAttention,
	checkGradients,
	dotAttention,
	generalAttention,
	mul,
	random,
	slice,
	sum,
	type Tensor,
	tensor,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";

const f64 = { dtype: "float64" } as const;
const one = { queries: 1, memory: 1, random: random(1), ...f64 };
// A memory of two steps, 0.5 and −1, and one query, 2.
const memory = tensor([[[0.5]], [[-1]]], f64);
const query = tensor([[[2]]], f64);
/** α and c from the two scores, by hand. */
function chosen(first: number, second: number) {
	const a = Math.exp(first) / (Math.exp(first) + Math.exp(second));
	return { a, c: a * 0.5 + (1 - a) * -1 };
}
function expectChoice(
	attention: Attention,
	{ a, c }: { a: number; c: number },
): void {
	const { context, weights } = attention.over(memory)(query);
	expect(weights.data[0]).toBeCloseTo(a, 12);
	expect(weights.data[1]).toBeCloseTo(1 - a, 12);
	expect(context.item()).toBeCloseTo(c, 12);
}

test("dot attention agrees with its equations worked by hand", () => {
	expectChoice(dotAttention(), chosen(2 * 0.5, 2 * -1));
});

test("general attention agrees with its equation worked by hand", () => {
	const attention = generalAttention(one);
	attention.weights.W.data[0] = 0.3;
	expectChoice(attention, chosen(2 * 0.3 * 0.5, 2 * 0.3 * -1));
});

test("additive attention agrees with its equation worked by hand", () => {
	const attention = additiveAttention({ ...one, hidden: 1 });
	attention.weights.W.data[0] = 0.4;
	attention.weights.U.data[0] = -0.7;
	attention.weights.v.data[0] = 1.5;
	const score = (h: number) => Math.tanh(2 * 0.4 + h * -0.7) * 1.5;
	expectChoice(attention, chosen(score(0.5), score(-1)));
});

const make = { queries: 3, memory: 3, random: random(4), ...f64 };
const all: [string, Attention][] = [
	["dotAttention", dotAttention()],
	["generalAttention", generalAttention(make)],
	["additiveAttention", additiveAttention({ ...make, hidden: 4 })],
];
const source = random(8);
const some = (...shape: number[]): Tensor => {
	const made = zeros(shape, { ...f64, requiresGrad: true });
	for (let i = 0; i < made.size; i++) made.data[i] = source.normal();
	return made;
};
// S 5, B 2, T 3
const h = some(5, 2, 3);
const s = some(3, 2, 3);
const lengths = [2, 5];
const weighing = some(3, 2, 3).detach();

describe.each(all)("%s", (name, attention) => {
	test("has the gradients of finite differences, with unequal lengths", () => {
		const loss = () =>
			sum(mul(attention.over(h, lengths)(s).context, weighing));
		expect(checkGradients(loss, { ...attention.weights, h, s })).toBeLessThan(
			1e-6,
		);
	});

	test("its weights sum to 1 for every query and are 0 past the length", () => {
		const { weights } = attention.over(h, lengths)(s);
		expect(weights.shape).toEqual([3, 2, 5]);
		for (const row of (weights.toArray() as number[][][]).flat())
			expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
		const padded = slice(slice(weights, 1, 0, 1), 2, 2, 5);
		expect(padded.data.every((a) => a === 0)).toBe(true);
	});

	test("padding past the length changes nothing, nor do the other sequences", () => {
		const holed = tensor(h.data, { shape: h.shape });
		for (let t = 2; t < 5; t++) holed.data.fill(NaN, t * 6, t * 6 + 3);
		const { context } = attention.over(holed, lengths)(s);
		const alone = attention.over(slice(slice(h, 1, 0, 1), 0, 0, 2));
		const own = alone(slice(s, 1, 0, 1)).context;
		slice(context, 1, 0, 1).data.forEach((v, i) => {
			expect(v).toBeCloseTo(own.data[i], 13);
		});
	});

	test("all queries at once are one after the other", () => {
		const attend = attention.over(h, lengths);
		const { context } = attend(s);
		const third = attend(slice(s, 0, 2, 3)).context;
		slice(context, 0, 2, 3).data.forEach((v, i) => {
			expect(v).toBeCloseTo(third.data[i], 13);
		});
	});

	test("says what does not fit", () => {
		expect(() => attention.over(h)(some(3, 2, 4))).toThrow(
			`${name}: queries must be [T=3, B=2, Q=3], got [3, 2, 4]`,
		);
		expect(() => attention.over(zeros([0, 2, 3], f64))).toThrow(
			`${name}: memory must have at least one step, got S=0`,
		);
		expect(() => attention.over(h, [0, 5])).toThrow(
			`${name}: lengths must be B=2 whole numbers from 1 to S=5, got [0, 5]`,
		);
		expect(() => attention.over(some(5, 2))).toThrow(
			`${name}: memory must be [S=5, B=2, M=`,
		);
	});
});
