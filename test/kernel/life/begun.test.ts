import { expect, test } from "vitest";
import { isLoop } from "../../../kernel/life/begun.ts";

test.each([
	["a loop", 1500, 1400, true],
	["a loop on a busy machine", 3000, 300, true],
	["a wait without an end", 20_000, 1, true],
	["a short callback", 5, 5, false],
	["a short callback on a busy machine", 3000, 5, false],
])(
	"%s of %i ms, %i computed, is taken for a loop: %s",
	(_, lasted, computed, taken) => {
		expect(isLoop(lasted, computed)).toBe(taken);
	},
);
