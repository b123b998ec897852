import { random, sample, tensor } from "unrolled";
import { expect, test } from "vitest";

test("sampling follows the softmax, sharper when it is cold", () => {
	const logits = tensor([0, Math.log(3)]);
	const share = (temperature: number) => {
		const source = random(1);
		let ones = 0;
		for (let i = 0; i < 20_000; i++)
			ones += sample(logits, { random: source, temperature });
		return ones / 20_000;
	};
	expect(share(1)).toBeCloseTo(3 / 4, 1.5);
	expect(share(0.5)).toBeCloseTo(9 / 10, 1.5); // logits twice as far apart
	expect(share(0)).toBe(1);
	expect(() =>
		sample(
			tensor([
				[1, 2],
				[3, 4],
			]),
			{ random: random(1) },
		),
	).toThrow("sample: logits must be [K], got [2, 2]");
	expect(() => sample(logits, { random: random(1), temperature: -1 })).toThrow(
		"sample: temperature must be a number of at least 0, got -1",
	);
});

/** How often each class is drawn, in 20,000. */
function shares(
	options: { temperature?: number; top?: number; nucleus?: number },
	probabilities = [0.1, 0.4, 0.2, 0.3],
) {
	const logits = tensor(probabilities.map(Math.log));
	const source = random(2);
	const counts = [0, 0, 0, 0];
	for (let i = 0; i < 20_000; i++)
		counts[sample(logits, { random: source, ...options })] += 1 / 20_000;
	return counts;
}
const expectShares = (got: number[], wanted: number[]) => {
	wanted.forEach((share, k) => {
		if (share === 0) expect(got[k]).toBe(0);
		else expect(got[k]).toBeCloseTo(share, 1.5);
	});
};

test("top draws among the k likeliest, in proportion", () => {
	expectShares(shares({ top: 2 }), [0, 4 / 7, 0, 3 / 7]);
	expectShares(shares({ top: 1 }), [0, 1, 0, 0]);
	expectShares(shares({ top: 9 }), [0.1, 0.4, 0.2, 0.3]);
	expect(() => shares({ top: 0 })).toThrow(
		"sample: top must be a whole number of at least 1, got 0",
	);
});

test("nucleus draws among the fewest that have the probability together", () => {
	expectShares(shares({ nucleus: 0.6 }), [0, 4 / 7, 0, 3 / 7]);
	expectShares(shares({ nucleus: 0.75 }), [0, 4 / 9, 2 / 9, 3 / 9]);
	// the first two have exactly a half
	expectShares(shares({ nucleus: 0.5 }, [1, 1, 1, 1]), [0.5, 0.5, 0, 0]);
	expectShares(shares({ nucleus: 0.01 }), [0, 1, 0, 0]);
	expectShares(shares({ nucleus: 1 }), [0.1, 0.4, 0.2, 0.3]);
	expect(() => shares({ nucleus: 0 })).toThrow(
		"sample: nucleus must be a number in (0, 1], got 0",
	);
});

test("the temperature comes before the nucleus, and the nucleus is of what top has left", () => {
	// squared: 0.01, 0.16, 0.04, 0.09 of 0.3: the first two have 0.83
	expectShares(shares({ temperature: 0.5, nucleus: 0.8 }), [
		0,
		16 / 25,
		0,
		9 / 25,
	]);
	// of the first two, the first alone has 4 / 7
	expectShares(shares({ top: 2, nucleus: 0.5 }), [0, 1, 0, 0]);
});

test("of equal logits the first is the likeliest", () => {
	const equal = [1, 1, 1, 1];
	expectShares(shares({ temperature: 0 }, equal), [1, 0, 0, 0]);
	expectShares(shares({ top: 1 }, equal), [1, 0, 0, 0]);
});

test("logits may be of any size", () => {
	expect(sample(tensor([1000, 0]), { random: random(1) })).toBe(0);
	expect(sample(tensor([-1000, -2000]), { random: random(1) })).toBe(0);
});
