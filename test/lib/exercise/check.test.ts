import { check, near, notAnswered, part } from "unrolled/exercise";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => vi.unstubAllEnvs());

test("an exercise without an answer says so and lets the notebook go on", () => {
	const half = (): number => notAnswered();
	const verdict = check("Half of 4", () => (half() === 2 ? undefined : "No."));
	expect(verdict.answered).toBe(false);
	expect(`${verdict}`).toBe("… Half of 4: not answered yet.");
});

test("a right answer is called right, a wrong one throws what is wrong with it", () => {
	const half = (answer: number) =>
		check("Half of 4", () => (answer === 2 ? undefined : `Not ${answer}.`));
	expect(`${half(2)}`).toBe("✓ Half of 4: right.");
	expect(() => half(8)).toThrow(
		expect.objectContaining({
			name: "WrongAnswer",
			message: "Not 8.",
			stack: "WrongAnswer: Not 8.", // the sentence, and no calls that led there
		}),
	);
});

test("an error in the answer comes through as it is", () => {
	const answer = (): number => {
		throw new RangeError("too deep");
	};
	expect(() => check("Depth", () => `${answer()}`)).toThrow(RangeError);
});

test("while nbgrader grades, no answer is an error", () => {
	vi.stubEnv("NBGRADER_EXECUTION", "autograde");
	expect(() => check("Half of 4", () => notAnswered())).toThrow(
		"Not answered yet",
	);
});

test("a verdict shows itself as text in a notebook", () => {
	const verdict = check("Nothing", () => undefined);
	const shown = verdict as unknown as Record<symbol, () => unknown>;
	expect(shown[Symbol.for("Jupyter.display")]()).toEqual({
		"text/plain": "✓ Nothing: right.",
	});
});

test("near compares numbers and lists, and nothing is near NaN or a missing number", () => {
	expect(near(0.1 + 0.2, 0.3)).toBe(true);
	expect(near([1, 2], Float32Array.of(1, 2))).toBe(true);
	expect(near([1, 2], [1, 2.1])).toBe(false);
	expect(near([1], [1, 2])).toBe(false);
	expect(near(Number.NaN, 1)).toBe(false);
	expect(near(undefined as unknown as number[], [1])).toBe(false);
	expect(near(1, [1])).toBe(false);
});

test("an answer that is right in part earns its share, and reads what is still wrong", () => {
	const verdict = check("Clip", () => part(0.5, "short ones must stay"));
	expect(verdict).toMatchObject({ answered: true, share: 0.5 });
	expect(`${verdict}`).toBe(
		"◐ Clip: right in part (50 % of the points): short ones must stay",
	);
});

test("while nbgrader grades, a verdict shows its share beside its text", () => {
	vi.stubEnv("NBGRADER_EXECUTION", "autograde");
	const verdict = check("Clip", () => part(0.25, "short ones must stay"));
	const shown = verdict as unknown as Record<symbol, () => unknown>;
	expect(shown[Symbol.for("Jupyter.display")]()).toMatchObject({
		"application/vnd.unrolled.verdict+json": { share: 0.25 },
	});
});
