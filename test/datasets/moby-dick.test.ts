import { mobyDick } from "@unrolled/datasets";
import { expect, test } from "vitest";
import { checked } from "../../datasets/installed.ts";

const kinds = (text: string) => [...new Set(text)].sort().join("");

test("the book begins with Ishmael and ends with the sea", async () => {
	const { train, validation } = await mobyDick();
	expect(train).toMatch(
		/^chapter 1\. loomings\.\ncall me ishmael\. some years ago--never mind/,
	);
	expect(validation).toMatch(/^chapter 125\. the log and line\.\n/);
	expect(validation).toMatch(
		/rolled on as it rolled five thousand years ago\.$/,
	);
});

test("its characters are the 49 that are written down", async () => {
	const { train, validation } = await mobyDick();
	expect(kinds(train)).toBe(
		`\n !"'(),-.0123456789:;?abcdefghijklmnopqrstuvwxyz`,
	);
	expect(kinds(validation)).toBe(kinds(train));
	expect(train).not.toMatch(/ {2}|\n\n|^ | $/m);
});

test("with capitals there are 75 characters, and the text is the same otherwise", async () => {
	const [small, large] = [await mobyDick(), await mobyDick({ capitals: true })];
	expect(new Set(large.train).size).toBe(75);
	expect(large.train.toLowerCase()).toBe(small.train);
	expect(large.validation.toLowerCase()).toBe(small.validation);
});

test("train and validation share no paragraph of more than 40 characters", async () => {
	const { train, validation } = await mobyDick();
	expect(validation.length / (train.length + validation.length)).toBeCloseTo(
		0.1,
		1,
	);
	const seen = new Set(train.split("\n"));
	expect(
		validation.split("\n").filter((line) => line.length > 40 && seen.has(line)),
	).toEqual([]);
});

test("it says where it is from and what one may do with it", async () => {
	const { source, licence } = await mobyDick();
	expect(source).toContain("Melville");
	expect(licence).toContain("CC0");
});

test("data with another SHA-256 is refused with a sentence that says what to do", () => {
	const told = {
		what: "mobyDick: the text",
		sha256: "0".repeat(64),
		from: "a-package@1.2.3",
	};
	expect(() => checked("Call me Ahab.", told)).toThrow(
		/mobyDick: the text is not the data .* run `npm install a-package@1\.2\.3` again/,
	);
});
