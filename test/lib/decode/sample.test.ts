import {
	chain,
	dense,
	embedding,
	random,
	sample,
	tensor,
	vocabulary,
	write,
} from "unrolled";
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
		"sample: temperature must be 0 or more, got -1",
	);
});

test("a network that always expects the next letter of the alphabet writes it", () => {
	const letters = vocabulary("abcd");
	const source = random(1);
	const table = embedding({ tokens: 4, size: 4, random: source });
	const out = dense({ inputs: 4, outputs: 4, random: source });
	table.weights.table.data.set([
		1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1,
	]);
	out.weights.W.data.set([0, 9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9, 9, 0, 0, 0]);
	const text = write(chain(table, out), {
		vocabulary: letters,
		start: "cab",
		length: 6,
		temperature: 0,
		random: source,
	});
	expect(text).toBe("cdabcd");
	expect(() =>
		write(chain(table, out), {
			vocabulary: letters,
			start: "",
			length: 1,
			random: source,
		}),
	).toThrow("write: start must hold at least one token");
});
