import { tensor } from "unrolled";
import { hidden } from "unrolled/exercise";
import { expect, test } from "vitest";

const square = (x: number) => x * x;

test("an answer that agrees with the solution on other arguments is right", () => {
	const verdict = hidden("square", (x) => x ** 2, square, [[3], [-0.5]]);
	expect(`${verdict}`).toBe("✓ square: right with other arguments, too.");
});

test.each<[string, (x: number) => number]>([
	["a number by heart", () => 9],
	["a number that is not one", () => Number.NaN],
	["something else", () => "9" as unknown as number],
	[
		"an error that tells its argument",
		(x: number) => {
			throw new Error(`x was ${x}`);
		},
	],
])("%s is wrong, and no word tells the arguments", (_, answer) => {
	expect(() => hidden("square", answer, square, [[3], [17]])).toThrow(
		expect.objectContaining({
			name: "WrongAnswer",
			message: expect.not.stringMatching(/17|289/),
		}),
	);
});

const values: [unknown, unknown][] = [
	[1, 1.1],
	[1e6, 1.01e6],
	[Number.NaN, 0],
	["a", "b"],
	[true, false],
	[undefined, null],
	[
		[1, 2],
		[1, 3],
	],
	[[1], [1, 2]],
	[{ W: [[1]] }, { W: [[2]] }],
	[{ a: 1 }, { a: 1, b: 2 }],
	[{ a: 1, b: undefined }, { a: 1 }],
	[Float32Array.of(1), Float32Array.of(2)],
	[tensor([1, 2]), tensor([[1, 2]])],
	[tensor([1, 2]), tensor([1, 3])],
];

test.each(values)("%o is like itself and not like %o", (value, other) => {
	const giving = (what: unknown) => () => what;
	const like = (got: unknown) => hidden("it", giving(got), giving(value), [[]]);
	expect(like(structuredLike(value)).share).toBe(1);
	expect(() => like(other)).toThrow("it is wrong");
});

/** The same again, so that no identity helps. */
function structuredLike(value: unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(structuredLike);
	if (ArrayBuffer.isView(value)) return structuredClone(value);
	if ("shape" in value && "data" in value) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, one]) => [key, structuredLike(one)]),
	);
}
