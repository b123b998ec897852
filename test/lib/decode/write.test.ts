import { chain, dense, embedding, random, vocabulary, write } from "unrolled";
import { expect, test } from "vitest";

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
