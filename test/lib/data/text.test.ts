import { vocabulary, windows } from "unrolled";
import { expect, test } from "vitest";

test("a vocabulary numbers the characters of a text and reads them back", () => {
	const v = vocabulary("hello, whale 🐋");
	expect(v.tokens.join("")).toBe(" ,aehlow🐋");
	expect(v.decode(v.encode("a whole 🐋"))).toBe("a whole 🐋");
	// by code points; the first half of 🐋 in UTF-16 comes before ～
	expect(vocabulary("🐋～").tokens).toEqual(["～", "🐋"]);
	expect(() => v.encode("x")).toThrow(
		'vocabulary: "x" is not one of its 9 tokens',
	);
	expect(() => v.decode([9])).toThrow("vocabulary: id 9 is not one of 0 … 8");
});

test("windows read streams side by side; targets are one step later; the end begins anew", () => {
	const ids = [0, 1, 2, 3, 4, 5, 6, 7, 8];
	const source = windows(ids, { batch: 2, steps: 2 });
	expect(source.next().value).toEqual({
		inputs: [
			[0, 4],
			[1, 5],
		],
		targets: [
			[1, 5],
			[2, 6],
		],
		fresh: true,
	});
	expect(source.next().value).toEqual({
		inputs: [
			[2, 6],
			[3, 7],
		],
		targets: [
			[3, 7],
			[4, 8],
		],
		fresh: false,
	});
	expect(source.next().value.fresh).toBe(true);
	// nine would do: the last target is an id too
	expect(() => windows(ids.slice(1), { batch: 2, steps: 4 }).next()).toThrow(
		"windows: 2 streams of 4 steps need at least 9 ids, got 8",
	);
});

test("a loop over windows goes through the text once, each time from its beginning", () => {
	const source = windows([0, 1, 2, 3, 4, 5, 6, 7, 8], { batch: 2, steps: 2 });
	expect(source.count).toBe(2);
	source.next();
	for (const _ of [1, 2]) {
		const read = Array.from(source, ({ inputs, fresh }) => [inputs[0], fresh]);
		expect(read).toEqual([
			[[0, 4], true],
			[[2, 6], false],
		]);
	}
	expect(source.next().value.inputs[0]).toEqual([2, 6]); // it went on by itself
});
