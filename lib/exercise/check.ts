import { environment } from "../backend/platform.ts";
import { expectValue } from "../expect/expect.ts";
import { callable, text } from "../expect/rules.ts";
import { described } from "../expect/words.ts";
import { line, Sentence } from "./line.ts";

/** What a notebook shows of an answer that is right, or still to come. */
export interface Verdict {
	/** Whether the exercise has an answer; it is right then. */
	readonly answered: boolean;
	toString(): string;
}

/** Stands where an answer is to be written: `return notAnswered();` */
export function notAnswered(): never {
	throw new NotAnswered("Not answered yet");
}

/**
 * Tells whether an exercise is right. `test` tries the answer and returns a sentence that says what is wrong, or nothing.
 *
 * Where the answer is still `notAnswered()` it says so, and the notebook goes on. While nbgrader grades, that is an error as well: no answer, no points.
 * @throws a `WrongAnswer` with the sentence; what the answer itself throws comes through as it is.
 */
export function check(
	exercise: string,
	test: () => string | undefined,
): Verdict {
	expectValue("check", "the exercise", exercise, text);
	expectValue("check", "the test", test, callable);
	try {
		const wrong = test();
		if (wrong !== undefined && typeof wrong !== "string")
			throw new Error(
				`check: the test must return what is wrong in a sentence, or nothing, got ${described(wrong)}`,
			);
		if (wrong !== undefined) throw new Sentence("WrongAnswer", wrong);
	} catch (error) {
		if (!(error instanceof NotAnswered) || isGraded()) throw error;
		return verdict(false, `… ${exercise}: not answered yet.`);
	}
	return verdict(true, `✓ ${exercise}: right.`);
}

/** Whether two numbers, or two lists of them, differ by no more than `tolerance` anywhere. */
export function near(
	got: number | ArrayLike<number>,
	wanted: number | ArrayLike<number>,
	tolerance = 1e-4,
): boolean {
	if (typeof got === "number" && typeof wanted === "number")
		return Math.abs(got - wanted) <= tolerance || got === wanted;
	if (typeof got !== "object" || typeof wanted !== "object") return false;
	return (
		got?.length === wanted.length &&
		Array.from(wanted).every((value, i) => near(got[i], value, tolerance))
	);
}

class NotAnswered extends Error {
	override name = "NotAnswered";
}

/** nbgrader sets this variable while it runs a submission. */
const isGraded = () => environment("NBGRADER_EXECUTION") !== undefined;

const verdict = (answered: boolean, text: string): Verdict => ({
	answered,
	...line(text),
});
