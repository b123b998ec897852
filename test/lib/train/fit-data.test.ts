import {
	adam,
	averaged,
	batches,
	carried,
	chain,
	checkGradients,
	clipValue,
	cosine,
	dense,
	detach,
	embedding,
	type FitStep,
	fit,
	gru,
	mul,
	noGrad,
	onPlateau,
	random,
	restoreWeights,
	sgd,
	slice,
	softmaxCrossEntropy,
	square,
	stepDecay,
	sub,
	sum,
	type Tensor,
	tensor,
	unroll,
	warmUp,
	windows,
} from "unrolled";
import { describe, expect, test } from "vitest";

const weight = (...numbers: number[]): Tensor =>
	tensor(numbers, { dtype: "float64", requiresGrad: true });
const all = async (run: AsyncIterable<FitStep>) => {
	const steps: FitStep[] = [];
	for await (const step of run) steps.push(step);
	return steps;
};
/** Pulls w to x. */
const to = (w: Tensor) => (_: number, x: number) => sum(square(sub(w, x)));

describe("data", () => {
	const how = (w: Tensor) => ({ weights: [w], optimiser: sgd({ rate: 0.1 }) });

	test("epochs are rounds through a list, or batches, each step with its batch", async () => {
		const w = weight(0);
		const seen: number[] = [];
		const steps = await all(
			fit(
				(step, x: number) => {
					seen.push(x);
					return to(w)(step, x);
				},
				{ ...how(w), data: [1, 2, 3], epochs: 2 },
			),
		);
		expect(seen).toEqual([1, 2, 3, 1, 2, 3]);
		expect(steps.map(({ epoch }) => epoch)).toEqual([1, 1, 1, 2, 2, 2]);
		const source = batches([1, 2, 3], { batch: 2, random: random(1) });
		const rounds = await all(
			fit((_, [x]) => to(w)(0, x), { ...how(w), data: source, epochs: 3 }),
		);
		expect(rounds).toHaveLength(6);
		expect(rounds.at(-1)?.secondsLeft).toBe(0);
	});

	test("steps go on and on, from where the data are", async () => {
		const w = weight(0);
		const source = batches([1, 2, 3], { batch: 1 });
		source.next();
		const seen: number[] = [];
		await fit(
			(_, [x]) => {
				seen.push(x);
				return to(w)(0, x);
			},
			{ ...how(w), data: source, steps: 4 },
		);
		expect(seen).toEqual([2, 3, 1, 2]);
		expect(source.next().value).toEqual([3]);
	});

	test("what comes later is waited for: batches, and a loss", async () => {
		const w = weight(0);
		async function* later() {
			for (const x of [1, 2]) yield x;
		}
		const steps = await all(
			fit(async (step, x: number) => to(w)(step, x), {
				...how(w),
				data: { [Symbol.asyncIterator]: later },
				epochs: 2,
			}),
		);
		expect(steps.map(({ loss }) => loss)).toEqual([
			1,
			1.8 ** 2,
			expect.any(Number),
			expect.any(Number),
		]);
	});

	test("steps and epochs together: whichever ends first", async () => {
		const w = weight(0);
		const run = (steps: number) =>
			all(fit(to(w), { ...how(w), data: [1, 2], epochs: 2, steps }));
		expect(await run(3)).toHaveLength(3);
		expect(await run(9)).toHaveLength(4);
	});

	test("what cannot be is refused", async () => {
		const w = weight(0);
		const loss = to(w);
		expect(() => fit(loss, { ...how(w) } as never)).toThrow(
			"fit: steps must be a whole number of at least 1, got undefined",
		);
		expect(() => fit(loss, { ...how(w), epochs: 1 } as never)).toThrow(
			"fit: epochs need data to go through",
		);
		expect(() => fit(loss, { ...how(w), data: 3 as never, epochs: 1 })).toThrow(
			"fit: data must be something to loop over",
		);
		await expect(fit(loss, { ...how(w), data: [], epochs: 1 })).rejects.toThrow(
			"fit: data gave no batch",
		);
		function* once() {
			yield 1;
		}
		await expect(
			fit(loss, {
				...how(w),
				data: {
					[Symbol.iterator]: (() => {
						const g = once();
						return () => g;
					})(),
				},
				epochs: 2,
			}),
		).rejects.toThrow(
			"fit: data gave no batch in epoch 2: a generator can be read once",
		);
	});
});

describe("reports", () => {
	test("tell norms before and after clipping, rate, speed and the time left", async () => {
		const w = weight(3, 4);
		const steps = await all(
			fit(() => mul(sum(square(w)), 0.5), {
				weights: [w],
				optimiser: sgd({
					rate: stepDecay({ rate: 0.1, every: 1, factor: 0.5 }),
				}),
				steps: 2,
				clip: 1,
				tokens: 100,
			}),
		);
		expect(steps[0]).toMatchObject({
			gradientNorm: 5,
			clippedNorm: 1,
			rate: 0.1,
		});
		expect(steps[1].rate).toBe(0.05);
		expect(steps[0].secondsLeft).toBeGreaterThanOrEqual(0);
		expect(steps[1].tokensPerSecond).toBeGreaterThan(0);
	});

	test("gradients are clipped by a function of one's own", async () => {
		const w = weight(3, -0.1);
		const cut: number[] = [];
		const run = fit(() => mul(sum(square(w)), 0.5), {
			weights: { w },
			optimiser: sgd({ rate: 1 }),
			steps: 1,
			clip: (weights) => cut.push(clipValue(weights, 0.5)),
		});
		expect((await run).clippedNorm).toBeCloseTo(Math.hypot(0.5, 0.1), 12);
		expect(cut).toEqual([1]);
		expect([...w.data]).toEqual([2.5, 0]);
	});
});

describe("validation", () => {
	const lossOf = [5, 3, 4, 2, 2.5, 2.6, 1];
	const run = (patience?: number) => {
		const w = weight(0);
		let at = 0;
		const found = all(
			fit(() => sum(mul(w, -1)), {
				weights: [w],
				optimiser: sgd({ rate: 1 }),
				steps: 14,
				validation: { every: 2, loss: () => lossOf[at++], patience },
			}),
		);
		return { w, found };
	};

	test("is taken every so often, and told", async () => {
		const { w, found } = run();
		const steps = await found;
		expect(steps.flatMap(({ validation }) => validation ?? [])).toEqual(lossOf);
		expect(steps.flatMap(({ best, step }) => (best ? [step] : []))).toEqual([
			2, 4, 8, 14,
		]);
		expect(w.item()).toBe(14);
	});

	test("stops early, and leaves the best weights", async () => {
		const { w, found } = run(2);
		const steps = await found;
		expect(steps).toHaveLength(12);
		expect(w.item()).toBe(8);
	});

	test("a run that is broken off leaves the weights of the last whole step, and another goes on from there", async () => {
		const w = weight(0);
		const options = {
			weights: [w],
			optimiser: adam({ rate: 0.1 }),
			steps: 6,
			validation: { every: 1, loss: () => -w.item(), patience: 9 },
		};
		const loss = () => sum(square(sub(w, 3)));
		for await (const { step } of fit(loss, options)) if (step === 3) break;
		await fit(loss, { ...options, steps: 3 });
		const twin = weight(0);
		await fit(() => sum(square(sub(twin, 3))), {
			weights: [twin],
			optimiser: adam({ rate: 0.1 }),
			steps: 6,
		});
		expect(w.item()).toBe(twin.item());
	});
});

describe("rates", () => {
	test("a cosine ends at its last rate, and stays", () => {
		const rate = cosine({ rate: 1, steps: 10, last: 0.2 });
		expect(rate(1)).toBe(1);
		expect(rate(6)).toBeCloseTo(0.6, 12);
		expect([rate(11), rate(1000)]).toEqual([0.2, 0.2]);
		expect(warmUp(rate, 2)(1)).toBe(0.5);
	});

	test("on a plateau the state can be saved", () => {
		const make = () => onPlateau({ rate: 1, factor: 0.5, patience: 1 });
		const [one, other] = [make(), make()];
		const losses = [3, 3, 3, 3, 2, 2, 2, 2];
		losses.slice(0, 4).forEach((loss) => {
			one.report(loss);
		});
		other.restore(JSON.parse(JSON.stringify(one.state())));
		const rest = (rate: typeof one) =>
			losses.slice(4).map((loss) => [rate.report(loss), rate(1)]);
		expect(rest(other)).toEqual(rest(one));
	});

	test("a rate that is no number is refused before a weight is written", () => {
		const w = weight(1);
		w.grad = tensor([1], { dtype: "float64" });
		const optimiser = sgd({ rate: (step) => (step > 1 ? NaN : 0.5) });
		optimiser.step({ w });
		w.grad = tensor([1], { dtype: "float64" });
		expect(() => optimiser.step({ w })).toThrow(
			"sgd: the rate of step 2 must be a number of at least 0, got NaN",
		);
		expect(w.item()).toBe(0.5);
	});
});

test("the mean of averaged weights lies nearer to the minimum than the last step", () => {
	const w = weight(5);
	const noise = random(1);
	const optimiser = averaged(sgd({ rate: 0.3 }), { after: 50 });
	for (let step = 0; step < 500; step++) {
		sum(square(sub(w, 1 + noise.normal()))).backward();
		optimiser.step({ w });
	}
	restoreWeights({ w }, optimiser.average({ w }));
	expect(Math.abs(w.item() - 1)).toBeLessThan(0.1);
});

test("weight decay leaves vectors alone", () => {
	const [matrix, bias] = [[[1]], [1]].map((values) =>
		tensor(values as number[], { dtype: "float64", requiresGrad: true }),
	);
	for (const w of [matrix, bias]) w.grad = mul(w.detach(), 0);
	sgd({ rate: 0.1, decay: 0.5 }).step({ matrix, bias });
	expect([matrix.item(), bias.item()]).toEqual([0.95, 1]);
});

describe("an optimiser's state", () => {
	const makers = {
		sgd: () => sgd({ rate: 0.1, momentum: 0.9 }),
		adam: () => adam({ rate: 0.1 }),
	};
	test.each(Object.entries(makers))(
		"%s goes on from what it gave",
		(_, make) => {
			const train = (
				w: Tensor,
				optimiser: ReturnType<typeof make>,
				steps: number,
			) => {
				for (let i = 0; i < steps; i++) {
					sum(square(w)).backward();
					optimiser.step({ w });
				}
			};
			const [w, twin] = [weight(1, 2), weight(1, 2)];
			const first = make();
			train(w, first, 3);
			const state = first.state({ w });
			train(w, first, 3);
			train(twin, make(), 3);
			const second = make();
			second.restore({ w: twin }, state);
			train(twin, second, 3);
			expect(twin.data).toEqual(w.data);
			expect(state.steps).toBe(3);
		},
	);

	test("that does not fit is refused, and nothing is changed", () => {
		const w = weight(1);
		const optimiser = adam();
		const none = { steps: 1, taken: { w: 1 }, tensors: {} };
		expect(() => optimiser.restore({ w }, none)).toThrow(
			"adam: restore: w/mean must be float64 [1], got none",
		);
		const other = { ...none, tensors: { "v/mean": weight(1).detach() } };
		expect(() => optimiser.restore({ w }, other)).toThrow(
			"adam: restore: the state has v/mean, which is no weight and part of this optimiser",
		);
		expect(() => optimiser.restore({ w }, 3 as never)).toThrow(
			"what an optimiser's state gave, got 3",
		);
	});
});

describe("truncated back-propagation", () => {
	const ids = Array.from({ length: 61 }, (_, i) => (i * i + 3) % 5);
	const make = () => {
		const seed = random(4);
		const how = { random: seed, dtype: "float64" } as const;
		return chain(
			embedding({ tokens: 5, size: 3, ...how }),
			unroll(gru({ inputs: 3, hidden: 4, ...how })),
			dense({ inputs: 4, outputs: 5, ...how }),
		);
	};
	const model = make();
	const pieces = [...windows(ids, { batch: 2, steps: 5 })];

	test("carries the state from piece to piece, and begins anew when told", () => {
		const reader = carried(model);
		const outputs = pieces.map(({ inputs, fresh }) =>
			noGrad(() => reader.apply(inputs, { fresh })),
		);
		const whole = noGrad(() =>
			model.apply(pieces.flatMap(({ inputs }) => inputs)),
		);
		outputs.forEach((piece, i) => {
			expect(piece.toArray()).toEqual(
				slice(whole, 0, 5 * i, 5 * i + 5).toArray(),
			);
		});
		expect(
			noGrad(() => reader.apply(pieces[0].inputs, { fresh: true })).toArray(),
		).toEqual(outputs[0].toArray());
	});

	test("with back, gradients flow through the pieces before it; in full they are those of all steps", () => {
		const gradients = (back: number | undefined, count: number) => {
			const reader = carried(model, { back });
			let loss = tensor(0, { dtype: "float64" });
			for (const { inputs, targets } of pieces.slice(0, count))
				loss = softmaxCrossEntropy(reader.apply(inputs), targets);
			loss.backward();
			const found = model.weights["1.U"].grad?.data.slice();
			for (const w of Object.values(model.weights)) w.grad = null;
			return found as Float64Array;
		};
		const full = () => {
			const all = model.apply(
				pieces.slice(0, 3).flatMap(({ inputs }) => inputs),
			);
			softmaxCrossEntropy(slice(all, 0, 10, 15), pieces[2].targets).backward();
			const found = model.weights["1.U"].grad?.data.slice();
			for (const w of Object.values(model.weights)) w.grad = null;
			return found as Float64Array;
		};
		const [through, one, whole] = [
			gradients(15, 3),
			gradients(undefined, 3),
			full(),
		];
		through.forEach((g, i) => {
			expect(g).toBeCloseTo(whole[i], 10);
		});
		expect(one.some((g, i) => Math.abs(g - whole[i]) > 1e-4)).toBe(true);
	});

	test("a state can be kept and gone on from", () => {
		const [a, b] = [carried(model), carried(model)];
		a.apply(pieces[0].inputs);
		b.reset(a.state);
		expect(b.apply(pieces[1].inputs).toArray()).toEqual(
			a.apply(pieces[1].inputs).toArray(),
		);
		expect(detach(a.state)).toEqual(detach(b.state));
		expect(() => a.apply(pieces[0].inputs, { restart: true } as never)).toThrow(
			"carried: apply: there is no option restart",
		);
	});

	test("has the gradients of finite differences", () => {
		const f = () =>
			softmaxCrossEntropy(
				carried(model).apply(pieces[0].inputs),
				pieces[0].targets,
			);
		expect(checkGradients(f, model)).toBeLessThan(1e-6);
	});
});
