import { expectValue } from "../expect/expect.ts";
import { anything, callable, list, text } from "../expect/rules.ts";
import { type Verdict, verdict } from "./check.ts";
import { Sentence } from "./line.ts";

const listOfLists = list(
	list(anything, "a list"),
	"a list with a list of arguments for each call",
);

/**
 * Compares an answer with the solution on arguments that its check does not show, where a teacher has the exercise graded.
 *
 * ```ts
 * hidden("bits", bits, solution, [[2.3], [0.05]]) // bits(2.3) and bits(0.05)
 * ```
 * Numbers may differ by a 10 000th, or by that share of the larger one.
 * @throws a `WrongAnswer` that names no argument and no result, since students read it in their feedback.
 */
export function hidden<A extends unknown[], R>(
	name: string,
	answer: (...args: A) => R,
	solution: (...args: A) => R,
	cases: readonly A[],
): Verdict {
	expectValue("hidden", "the name", name, text);
	expectValue("hidden", "the answer", answer, callable);
	expectValue("hidden", "the solution", solution, callable);
	expectValue("hidden", "the cases", cases, listOfLists);
	for (const args of cases) {
		let got: unknown;
		try {
			got = answer(...args);
		} catch {
			throw new Sentence(
				"WrongAnswer",
				`${name} throws an error with other arguments than those of the check`,
			);
		}
		if (!alike(got, solution(...args)))
			throw new Sentence(
				"WrongAnswer",
				`${name} is wrong with other arguments than those of the check`,
			);
	}
	return verdict(1, `✓ ${name}: right with other arguments, too.`);
}

/** Whether two values are the same, numbers up to rounding; what is compared are numbers, strings, lists, tensors and objects. */
function alike(got: unknown, wanted: unknown): boolean {
	if (typeof got === "number" && typeof wanted === "number")
		return (
			Object.is(got, wanted) ||
			Math.abs(got - wanted) <= 1e-4 * Math.max(1, Math.abs(wanted))
		);
	if (!isObject(got) || !isObject(wanted)) return got === wanted;
	if (isList(got) || isList(wanted))
		return (
			isList(got) &&
			isList(wanted) &&
			got.length === wanted.length &&
			Array.from(wanted).every((value, i) => alike(got[i], value))
		);
	if (isTensor(wanted))
		return (
			isTensor(got) &&
			alike(got.shape, wanted.shape) &&
			alike(got.data, wanted.data)
		);
	const keys = Object.keys(wanted);
	return (
		Object.keys(got).length === keys.length &&
		keys.every((key) => Object.hasOwn(got, key) && alike(got[key], wanted[key]))
	);
}

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
	typeof value === "object" && value !== null;
const isList = (value: object): value is ArrayLike<unknown> & object =>
	Array.isArray(value) || ArrayBuffer.isView(value);
const isTensor = (value: Fields): value is Fields & { shape: number[] } =>
	Array.isArray(value.shape) && ArrayBuffer.isView(value.data);
