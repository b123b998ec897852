import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Allowance, type Piece } from "../../../kernel/output/allowance.ts";

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
	vi.useRealTimers();
});

const GAP = /\n… ([\d,]+) characters are left out here, [^\n]* …\n/;

/** The texts that were shown, and in the place of each gap how many characters it says are missing. */
function partsOf(pieces: Piece[]): (string | number)[] {
	const parts = pieces
		.map(({ text }) => text)
		.join("")
		.split(GAP);
	return parts.map((part, index) =>
		index % 2 ? Number(part.replaceAll(",", "")) : part,
	);
}

test("what is shown and what is left out are all that was printed", () => {
	const prints = fc.array(
		fc.record({
			name: fc.constantFrom("stdout" as const, "stderr" as const),
			line: fc.constantFrom("", "x", "a line", "y".repeat(3000)),
			times: fc.integer({ min: 1, max: 200 }),
			wait: fc.constantFrom(0, 1, 60, 1200),
		}),
		{ minLength: 1, maxLength: 60 },
	);
	fc.assert(
		fc.property(prints, (all) => {
			const allowance = new Allowance();
			const shown: Piece[] = [];
			let printed = "";
			for (const { name, line, times, wait } of all) {
				const text = `${printed.length} ${line}\n`.repeat(times);
				printed += text;
				vi.advanceTimersByTime(wait);
				shown.push(...allowance.take({ name, text }));
			}
			shown.push(...allowance.rest());
			let at = 0;
			for (const part of partsOf(shown)) {
				if (typeof part === "number") at += part;
				else {
					expect(part).toBe(printed.slice(at, at + part.length));
					at += part.length;
				}
			}
			expect(at).toBe(printed.length);
		}),
		{ numRuns: 300 },
	);
});

test("a cell that prints a little all the time is shown whole, however long it runs", () => {
	const allowance = new Allowance();
	for (let second = 0; second < 3600; second++) {
		vi.advanceTimersByTime(1000);
		const piece = { name: "stdout" as const, text: "x".repeat(9000) };
		expect(allowance.take(piece)).toEqual([piece]);
	}
});

test("of a flood of an hour a page is shown less than 50 MB", () => {
	const allowance = new Allowance();
	let shown = 0;
	for (let time = 0; time < 3_600_000; time += 50) {
		vi.advanceTimersByTime(50);
		for (const { text } of allowance.take({
			name: "stdout",
			text: "a line\n".repeat(9000),
		}))
			shown += text.length;
	}
	expect(shown).toBeGreaterThan(250_000);
	expect(shown).toBeLessThan(50_000_000);
});
