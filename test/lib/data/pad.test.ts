import fc from "fast-check";
import { embedding, gru, pad, random, tensor, unroll } from "unrolled";
import { describe, expect, test } from "vitest";

test("pad puts sequences side by side, time first, as PyTorch does", () => {
	expect(pad([[1, 2, 3], [4], [5, 6]])).toEqual({
		values: [
			[1, 4, 5],
			[2, 0, 6],
			[3, 0, 0],
		],
		lengths: [3, 1, 2],
		mask: [
			[1, 1, 1],
			[1, 0, 1],
			[1, 0, 0],
		],
	});
});

test("pad on the left to a fixed length, truncated on the left, is Keras's pad_sequences", () => {
	const { values, lengths, mask } = pad([[1, 2, 3, 4], [5]], {
		steps: 3,
		side: "left",
		truncate: "left",
		fill: 9,
	});
	expect(values).toEqual([
		[2, 9],
		[3, 9],
		[4, 5],
	]);
	expect(lengths).toEqual([3, 3]); // a network has to read the padding to come to the end
	expect(mask.map(([, second]) => second)).toEqual([0, 0, 1]);
});

test("vectors are filled up by vectors", () => {
	const { values, lengths } = pad(
		[
			[
				[1, 2],
				[3, 4],
			],
			[new Float32Array([5, 6])],
		],
		{ fill: -1 },
	);
	expect(values[1]).toEqual([
		[3, 4],
		[-1, -1],
	]);
	expect(lengths).toEqual([2, 1]);
	expect(tensor(values).shape).toEqual([2, 2, 2]);
});

test("what pad does is what it says, for any sequences", () => {
	const side = fc.constantFrom("left" as const, "right" as const);
	const some = fc.array(
		fc.array(fc.integer(), { minLength: 1, maxLength: 6 }),
		{
			minLength: 1,
			maxLength: 5,
		},
	);
	const T = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined });
	fc.assert(
		fc.property(some, T, side, side, (rows, steps, side, truncate) => {
			const { values, mask } = pad(rows, { steps, side, truncate, fill: NaN });
			const width = steps ?? Math.max(...rows.map((row) => row.length));
			expect(values).toHaveLength(width);
			rows.forEach((row, i) => {
				const column = values.map((step) => step[i]);
				const real = column.filter((_, t) => mask[t][i] === 1);
				const cut =
					truncate === "right"
						? row.slice(0, width)
						: row.slice(Math.max(0, row.length - width));
				expect(real).toEqual(cut);
				const start = side === "left" ? width - cut.length : 0;
				expect(column.slice(start, start + cut.length)).toEqual(cut);
				expect(column.filter(Number.isNaN)).toHaveLength(width - cut.length);
			});
		}),
	);
});

test("a padded batch gives what each sequence gives alone", () => {
	const rows = [[1, 2, 3, 0], [3], [2, 2]];
	const seed = random(1);
	const table = embedding({ tokens: 4, size: 3, random: seed });
	const layer = unroll(gru({ inputs: 3, hidden: 5, random: seed }));
	const { values, lengths } = pad(rows, { fill: 3 });
	const together = layer.run(table.apply(values), { lengths }).state.toArray();
	rows.forEach((row, i) => {
		const { values } = pad([row]);
		const [alone] = layer
			.run(table.apply(values))
			.state.toArray() as number[][];
		for (const [j, x] of alone.entries())
			expect((together as number[][])[i][j]).toBeCloseTo(x, 6);
	});
});

describe("errors name the sequence and the step", () => {
	const cases: [string, () => unknown, string][] = [
		["none", () => pad([]), "pad: sequences must be a list of at least one"],
		["an empty one", () => pad([[1], []]), "pad: sequence 1 of 2 is empty"],
		[
			"a text",
			() => pad(["abc"] as never),
			'pad: sequence 0 of 1 must be a list, got "abc"; a vocabulary\'s encode',
		],
		[
			"a missing number",
			() =>
				pad([
					[1, 2],
					[3, NaN],
				]),
			"pad: sequence 1 of 2 has no number at step 1: got NaN",
		],
		[
			"null in a vector",
			() => pad([[[1, null as never]]]),
			"pad: sequence 0 of 1 has no number at step 0: got null",
		],
		[
			"vectors of two sizes",
			() => pad([[[1, 2]], [[1, 2], [3]]]),
			"pad: sequence 1 of 2 must be vectors of 2 like the first, got [3] at step 1",
		],
		[
			"numbers and vectors",
			() => pad([[1], [[2]]] as never),
			"pad: sequence 1 of 2 must be numbers like the first, got [2] at step 0",
		],
		[
			"Keras's word",
			() => pad([[1]], { maxlen: 3 } as never),
			"pad: there is no option maxlen; did you mean steps?",
		],
	];
	test.each(cases)("%s", (_, wrong, text) => expect(wrong).toThrow(text));
});
