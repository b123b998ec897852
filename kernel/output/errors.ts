import { unmarked } from "../cells/compile/marked-names.ts";
import type { SourcePositions } from "../cells/run/source-positions.ts";
import {
	attempt,
	inspected,
	isError,
	propertyOf,
	stringOf,
} from "../safely.ts";
import { codeFrame } from "./code-frame.ts";
import { red } from "./colours.ts";
import { readStack, stackOf } from "./stack.ts";

/** An error as the protocol wants it. */
export interface ErrorContent {
	ename: string;
	evalue: string;
	traceback: string[];
}

/** How many causes, or errors of an AggregateError, are followed. */
const DEPTH = 8;

const nameOf = (error: Error): string =>
	stringOf(propertyOf(error, "name") || "Error") ?? "Error";

const messageOf = (error: Error): string =>
	unmarked(stringOf(propertyOf(error, "message") ?? "") ?? "");

/** Own properties of an error beside its message, such as `code`. */
function detailsOf(error: Error): string[] {
	const { cause, errors, stack, message, name, ...more } = attempt(
		() => Object.getOwnPropertyDescriptors(error) as PropertyDescriptorMap,
		{} as PropertyDescriptorMap,
	);
	const shown = Object.entries(more)
		.filter(([, { enumerable }]) => enumerable)
		.map(([key]) => [key, propertyOf(error, key)]);
	return shown.length ? [inspected(Object.fromEntries(shown))] : [];
}

/** The first items of an array; none of anything else. */
const itemsOf = (value: unknown): unknown[] =>
	attempt(
		() => (Array.isArray(value) ? Array.from(value.slice(0, DEPTH)) : []),
		[],
	);

function explain(
	thrown: unknown,
	positions: SourcePositions,
	seen: Set<unknown>,
): string[] {
	if (!isError(thrown)) return [red(inspected(thrown))];
	seen.add(thrown);
	const title = `${red(nameOf(thrown))}: ${messageOf(thrown)}`;
	const { first, lines } = readStack(stackOf(thrown), positions);
	const code = first ? codeFrame(first.text, first) : [];
	const explained = [title, ...code, ...lines, ...detailsOf(thrown)];
	const others: [string, unknown][] = itemsOf(propertyOf(thrown, "errors")).map(
		(each, at) => [`error ${at + 1}`, each],
	);
	const cause = propertyOf(thrown, "cause");
	if (cause !== undefined) others.push(["caused by", cause]);
	for (const [title, other] of others) {
		if (seen.has(other) || seen.size > DEPTH) continue;
		const [head, ...rest] = explain(other, positions, seen);
		explained.push("", `${title}: ${head}`, ...rest);
	}
	return explained;
}

/**
 * Describes what a cell threw: its message, the user's own line, the calls that led there, and its causes.
 * Never throws, even where reading the thrown value does.
 */
export function describe(
	thrown: unknown,
	positions: SourcePositions,
): ErrorContent {
	const traceback = explain(thrown, positions, new Set());
	if (isError(thrown))
		return { ename: nameOf(thrown), evalue: messageOf(thrown), traceback };
	const evalue = inspected(thrown);
	return {
		ename: "Thrown",
		evalue,
		traceback: [`${red("Thrown")}: ${evalue}`],
	};
}
