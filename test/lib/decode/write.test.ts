import { random, vocabulary, write } from "unrolled";
import { expect, test } from "vitest";
import { byTable } from "./networks.ts";

const letters = { vocabulary: vocabulary("abcd"), random: random(1) };

test("a network that expects the next letter of the alphabet writes it, drawn as the options say", () => {
	const alphabet = byTable([
		[0.2, 0.4, 0.2, 0.2],
		[0.2, 0.2, 0.4, 0.2],
		[0.2, 0.2, 0.2, 0.4],
		[0.4, 0.2, 0.2, 0.2],
	]);
	const options = { ...letters, start: "cab", length: 6 };
	expect(write(alphabet, { ...options, temperature: 0 })).toBe("cdabcd");
	expect(() => write(alphabet, { ...options, start: "" })).toThrow(
		"write: start must hold at least one token",
	);
});
