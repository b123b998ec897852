import { environment } from "../backend/platform.ts";
import { expectValue } from "../expect/expect.ts";
import { share as aShare, but, callable, text } from "../expect/rules.ts";
import { described } from "../expect/words.ts";
import { line, Sentence } from "./line.ts";

/** What a notebook shows of an answer that is right, partly right, or still to come. */
export interface Verdict {
	/** Whether the exercise has an answer; it is right then, or right in part. */
	readonly answered: boolean;
	/** The share of the points that the answer earns, from 0 to 1. */
	readonly share: number;
	toString(): string;
}

/** What a check returns of an answer that earns a part of the points. */
export interface Part {
	/** The share of the points, above 0 and below 1. */
	readonly share: number;
	/** What is still wrong, in a sentence. */
	readonly says: string;
}

const belowOne = but(aShare, {
	wanted: "a number in (0, 1), since a check that returns nothing gives all",
	fits: (value) => aShare.fits(value) && value !== 1,
});

/**
 * An answer that is partly right: it earns a share of the points, and the sentence says what is still wrong.
 *
 * ```ts
 * if (near(long, [3, 4])) return part(0.5, "a short gradient must stay as it is");
 * ```
 * @throws where the share is not above 0 and below 1, or the sentence is no text.
 */
export function part(share: number, says: string): Part {
	expectValue("part", "the share", share, belowOne);
	expectValue("part", "the sentence", says, text);
	return { share, says };
}

/** Stands where an answer is to be written: `return notAnswered();` */
export function notAnswered(): never {
	throw new NotAnswered("Not answered yet");
}

/**
 * Tells whether an exercise is right. `test` tries the answer and returns a sentence that says what is wrong, or nothing;
 * `part(0.5, "…")` where the answer earns half of the points.
 *
 * Where the answer is still `notAnswered()` it says so, and the notebook goes on. While nbgrader grades, that is an error as well: no answer, no points.
 * @throws a `WrongAnswer` with the sentence; what the answer itself throws comes through as it is.
 */
export function check(
	exercise: string,
	test: () => string | Part | undefined,
): Verdict {
	expectValue("check", "the exercise", exercise, text);
	expectValue("check", "the test", test, callable);
	try {
		const wrong = test();
		if (typeof wrong === "string") throw new Sentence("WrongAnswer", wrong);
		if (typeof wrong?.share === "number")
			return verdict(
				wrong.share,
				`◐ ${exercise}: right in part (${Math.round(100 * wrong.share)} % of the points): ${wrong.says}`,
			);
		if (wrong !== undefined)
			throw new Error(
				`check: the test must return a sentence that says what is wrong, a part(…), or nothing, got ${described(wrong)}`,
			);
	} catch (error) {
		if (!(error instanceof NotAnswered) || isGraded()) throw error;
		return verdict(0, `… ${exercise}: not answered yet.`);
	}
	return verdict(1, `✓ ${exercise}: right.`);
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

/** While nbgrader grades, a verdict also shows its share, which the course's grader turns into points. */
export const verdict = (share: number, text: string): Verdict => ({
	answered: share > 0,
	share,
	...line(
		text,
		isGraded() ? { "application/vnd.unrolled.verdict+json": { share } } : {},
	),
});
