import {
	adam,
	add,
	chain,
	dense,
	type FitStep,
	fit,
	meanSquaredError,
	ones,
	random,
	sgd,
	square,
	sum,
	type Tensor,
	tanh,
	tensor,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";

const weight = (...numbers: number[]): Tensor =>
	tensor(numbers, { dtype: "float64", requiresGrad: true });

test("fit takes its steps, tells of each and leaves no gradients", async () => {
	const w = weight(3);
	const [told, seen]: number[][] = [[], []];
	const squared = (step: number) => {
		told.push(step);
		return sum(square(w));
	};
	for await (const { step, loss, gradientNorm } of fit(squared, {
		weights: { w },
		optimiser: sgd({ rate: 0.25 }),
		steps: 3,
	})) {
		seen.push(step, loss, gradientNorm);
	}
	expect(told).toEqual([1, 2, 3]);
	expect(seen).toEqual([1, 9, 6, 2, 2.25, 3, 3, 0.5625, 1.5]);
	expect(w.item()).toBe(0.375);
	expect(w.grad).toBe(null);
});

test("fit clips when asked, and tells the norm before", async () => {
	const w = weight(3);
	for await (const { gradientNorm } of fit(() => sum(square(w)), {
		weights: [w],
		optimiser: sgd({ rate: 1 }),
		steps: 1,
		clip: 2,
	}))
		expect(gradientNorm).toBe(6);
	expect(w.item()).toBe(1);
});

test("fit lets others have their turn after each step", async () => {
	const w = weight(3);
	let turns = 0;
	const timer = setInterval(() => turns++, 0);
	const end = Date.now() + 50;
	const loss = () => sum(square(w));
	for await (const _ of fit(loss, {
		weights: [w],
		optimiser: sgd({ rate: 0.01 }),
		steps: 1e6,
	}))
		if (Date.now() > end) break;
	clearInterval(timer);
	expect(turns).toBeGreaterThan(0);
});

describe("old gradients", () => {
	const [w, other] = [weight(3), weight(5)];
	const loss = () => sum(add(square(w), square(other)));
	const once = { weights: [w], optimiser: sgd({ rate: 0.25 }), steps: 1 };

	test("what an earlier backward left is no part of the first step", async () => {
		loss().backward();
		expect(w.grad?.item()).toBe(6);
		const { gradientNorm } = await fit(loss, once);
		expect(gradientNorm).toBe(6);
		expect(w.item()).toBe(1.5);
	});

	test("no gradient is left, at weights that are not trained either", async () => {
		other.grad = null;
		await fit(loss, once);
		expect(other.grad).toBe(null);
		expect(other.item()).toBe(5);
		const broken = fit(loss, {
			...once,
			optimiser: {
				step() {
					throw new Error("no step");
				},
			},
		});
		await expect(broken).rejects.toThrow("no step");
		expect([w.grad, other.grad]).toEqual([null, null]);
	});
});

describe("a run", () => {
	const three = () => {
		const w = weight(4);
		return fit(() => sum(square(w)), {
			weights: [w],
			optimiser: sgd({ rate: 0.25 }),
			steps: 3,
		});
	};

	test("that is awaited takes all its steps, and gives the last", async () => {
		const run = three();
		const last = { step: 3, loss: 1, gradientNorm: 2, rate: 0.25 };
		expect(await run).toMatchObject(last);
		expect(await run).toMatchObject(last);
	});

	test("is followed once, whether it came to its end or not", async () => {
		const stopped = three();
		for await (const _ of stopped) break;
		const ended = three();
		for await (const _ of ended);
		for (const [run, done] of [
			[stopped, 1],
			[ended, 3],
		] as const) {
			const again = async () => {
				for await (const _ of run);
			};
			const text = `fit: this run was followed before and has taken ${done} of its 3 steps; call fit again to go on`;
			await expect(again()).rejects.toThrow(text);
			await expect(run).rejects.toThrow(text);
		}
	});

	test("reads its options when it is made", async () => {
		const w = weight(4);
		const options = {
			weights: [w],
			optimiser: sgd({ rate: 0.25 }),
			steps: 1,
		};
		const run = fit(() => sum(square(w)), options);
		options.weights.pop();
		options.steps = 5;
		const taken: FitStep[] = [];
		for await (const step of run) taken.push(step);
		expect([taken.length, w.item()]).toEqual([1, 2]);
	});

	test("wants a loss that gives a tensor", async () => {
		const run = fit((async () => 3) as never, {
			weights: [weight(1)],
			optimiser: adam(),
			steps: 1,
		});
		await expect(run).rejects.toThrow(
			"fit: the loss must be a function that returns a Tensor, got 3 at step 1",
		);
	});
});

test("two parts train together, by a list or by names", async () => {
	const train = async (
		weights: (a: ReturnType<typeof part>, b: ReturnType<typeof part>) => never,
	) => {
		const source = random(1);
		const [a, b] = [part(2, source), part(1, source)];
		const net = chain(a, tanh, b);
		await fit(() => meanSquaredError(net.apply(ones([4, 3])), zeros([4, 1])), {
			weights: weights(a, b),
			optimiser: adam(),
			steps: 3,
		});
		return [...a.weights.W.data, ...b.weights.W.data];
	};
	const part = (outputs: number, source: ReturnType<typeof random>) =>
		dense({ inputs: outputs === 2 ? 3 : 2, outputs, random: source });
	const wanted = await train((a, b) => chain(a, tanh, b) as never);
	for (const set of [
		(a: unknown, b: unknown) => [a, b],
		(a: unknown, b: unknown) => ({ encoder: a, head: [b] }),
	])
		expect(await train(set as never)).toEqual(wanted);
	expect(
		await train(((a: { weights: object }, b: { weights: object }) => ({
			...a.weights,
			...b.weights,
		})) as never),
	).not.toEqual(wanted); // why parts exist
});
