import { inspect } from "node:util";
import {
	add,
	concat,
	fit,
	gather,
	mul,
	noGrad,
	ones,
	reshape,
	sgd,
	slice,
	sum,
	Tensor,
	tensor,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { result } from "../../lib/tensor.ts";

test("nested arrays become a tensor and come back", () => {
	const x = tensor([[[1, 2]], [[3, 4]], [[5, 6]]]);
	expect(x.shape).toEqual([3, 1, 2]);
	expect(x.dtype).toBe("float32");
	expect(x.toArray()).toEqual([[[1, 2]], [[3, 4]], [[5, 6]]]);
	expect(tensor(3).shape).toEqual([]);
	expect(tensor(new Float64Array(6), { shape: [2, 3] }).dtype).toBe("float64");
	expect(tensor([]).shape).toEqual([0]);
});

test("tensor copies a typed array, so that a later change does not reach it", () => {
	const data = new Float32Array([1, 2]);
	const x = tensor(data);
	data[0] = 9;
	expect(x.toArray()).toEqual([1, 2]);
});

test("backward leaves gradients, worked by hand", () => {
	// y = Σ w·(w + 2): dy/dw = 2w + 2
	const w = tensor([1, -3], { requiresGrad: true });
	sum(mul(w, add(w, 2))).backward();
	expect(w.grad?.toArray()).toEqual([4, -4]);
});

test("gradients of two losses add up", () => {
	const w = tensor([1], { requiresGrad: true });
	sum(mul(w, 3)).backward();
	sum(mul(w, 4)).backward();
	expect(w.grad?.toArray()).toEqual([7]);
});

test("two weights never share the array of their gradients", () => {
	const a = tensor([1], { requiresGrad: true });
	const b = tensor([1], { requiresGrad: true });
	sum(add(a, b)).backward();
	expect(a.grad?.data).not.toBe(b.grad?.data);
});

test("an operation may hand one array back for both inputs: their sums stay apart", () => {
	const a = tensor([1], { requiresGrad: true });
	const b = tensor([2], { requiresGrad: true });
	const [x, y] = [mul(a, 1), mul(b, 1)];
	const [tens, hundreds] = [mul(x, 10), mul(y, 100)];
	const both = result("both", [x, y], new Float32Array([3]), [1], (g) => [
		g,
		g,
	]);
	sum(add(both, tens, hundreds)).backward();
	expect([a.grad?.item(), b.grad?.item()]).toEqual([11, 101]);
});

test("no gradient passes a detached tensor", () => {
	const w = tensor([2], { requiresGrad: true });
	sum(mul(w.detach(), w)).backward();
	expect(w.grad?.toArray()).toEqual([2]);
});

test("noGrad records nothing, even when its work throws", () => {
	const w = tensor([2], { requiresGrad: true });
	expect(noGrad(() => mul(w, 2)).requiresGrad).toBe(false);
	expect(() =>
		noGrad(() => {
			throw new Error("stop");
		}),
	).toThrow("stop");
	expect(mul(w, 2).requiresGrad).toBe(true);
});

test("noGrad refuses work that goes on later, and records again", () => {
	const w = tensor([2], { requiresGrad: true });
	const text =
		"noGrad: the work must be done when its function returns, got one that goes on later; await outside, and call noGrad around what computes";
	const later: (() => unknown)[] = [
		async () => mul(w, 2),
		async () => {
			throw new Error("too late");
		},
		function* () {
			yield mul(w, 2);
		},
		async function* () {
			yield mul(w, 2);
		},
		() =>
			fit(() => sum(w), {
				weights: [w],
				optimiser: sgd({ rate: 1 }),
				steps: 1,
			}),
	];
	for (const work of later) {
		expect(() => noGrad(work)).toThrow(new Error(text));
		expect(mul(w, 2).requiresGrad).toBe(true);
	}
	expect(noGrad(() => [w][Symbol.iterator]().next().value)).toBe(w);
	expect(noGrad(() => null)).toBe(null);
});

test("backward frees the record", () => {
	const w = tensor([2], { requiresGrad: true });
	const y = mul(w, 2);
	sum(y).backward();
	expect(y.madeBy?.inputs).toEqual([]);
	expect(y.madeBy?.back).toBe(null);
});

test("a long chain of operations does not overflow the stack", () => {
	const w = tensor([1], { requiresGrad: true });
	let y: Tensor = w;
	for (let i = 0; i < 50_000; i++) y = add(y, 1);
	sum(y).backward();
	expect(w.grad?.toArray()).toEqual([1]);
});

test("so does none with more inputs than a call takes arguments", () => {
	const w = tensor([1], { requiresGrad: true });
	const parts = Array.from({ length: 150_000 }, () => mul(w, 2));
	sum(concat(parts)).backward();
	expect(w.grad?.toArray()).toEqual([300_000]);
});

test("gradients of parts of a tensor are added to one sum, each where its part lay", () => {
	const w = tensor([1, 2, 3, 4], { requiresGrad: true });
	const all = mul(w, w);
	const parts = [
		slice(all, 0, 0, 2),
		slice(all, 0, 1, 4),
		gather(reshape(all, [2, 2]), [1, 1]),
	];
	sum(
		add(
			...(parts.map((part) => sum(part)) as [Tensor, Tensor, Tensor]),
			sum(all),
		),
	).backward();
	// parts count [1, 2, 1 + 2, 1 + 2] and all of it once: times 2w
	expect(w.grad?.toArray()).toEqual([4, 12, 24, 32]);
});

describe("errors say what was wanted and what came", () => {
	const w = tensor([1, 2], { requiresGrad: true });
	const used = sum(w);
	used.backward();
	const cases: [string, () => unknown, string][] = [
		[
			"a shape that does not fit",
			() => new Tensor(new Float32Array(3), [2]),
			"tensor: shape [2] holds 2 numbers, got 3",
		],
		[
			"ragged arrays",
			() => tensor([[1, 2], [3]]),
			"tensor: values: the lists are ragged: the first ones have shape [2, 2], and the one at [1] holds 1",
		],
		[
			"item of many",
			() => zeros([2]).item(),
			"item: wanted a tensor with one number, got [2]",
		],
		[
			"backward of many",
			() => mul(w, 1).backward(),
			"backward: wanted a scalar loss, got [2]; take its sum or mean first",
		],
		[
			"backward of data",
			() => ones([]).backward(),
			"backward: this tensor depends on nothing that requires a gradient",
		],
		[
			"backward twice",
			() => used.backward(),
			'backward: the record of "sum" was freed by an earlier backward(); compute the loss again',
		],
	];
	test.each(cases)("%s", (_, wrong, text) => {
		expect(wrong).toThrow(new Error(text));
	});
});

test("a tensor prints its shape, type and numbers", () => {
	expect(
		`${tensor([
			[1, 0.123456789],
			[Number.NaN, 2],
		])}`,
	).toBe('Tensor [2,2] float32 [[1,0.12346],["NaN",2]]');
	expect(inspect({ x: tensor([1]) })).toBe("{ x: Tensor [1] float32 [1] }");
	expect(`${zeros([200])}`).toBe("Tensor [200] float32 [0,0,0,0,0,0,…]");
});
