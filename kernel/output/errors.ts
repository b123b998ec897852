import { inspect } from "node:util";
import type { Places } from "../cells/places.ts";
import { codeFrame } from "./code-frame.ts";
import { red } from "./colours.ts";
import { readStack } from "./stack.ts";

/** An error as the protocol wants it. */
export interface ErrorContent {
	ename: string;
	evalue: string;
	traceback: string[];
}

/** How many causes, or errors of an AggregateError, are followed. */
const DEPTH = 8;

const isError = (value: unknown): value is Error =>
	value instanceof Error ||
	Object.prototype.toString.call(value) === "[object Error]";

const nameOf = (error: Error): string => String(error.name || "Error");

/** Properties that say more than the message, such as `code`. */
function detailsOf(error: Error): string[] {
	const { cause, errors, stack, message, name, ...more } =
		error as unknown as Record<string, unknown>;
	return Object.keys(more).length ? [inspect(more, { depth: 2 })] : [];
}

function explain(
	thrown: unknown,
	places: Places,
	seen: Set<unknown>,
): string[] {
	if (!isError(thrown)) return [red(inspect(thrown))];
	seen.add(thrown);
	const title = `${red(nameOf(thrown))}: ${thrown.message}`;
	const { first, lines } = readStack(String(thrown.stack ?? ""), places);
	const code = first ? codeFrame(first.text, first) : [];
	const explained = [title, ...code, ...lines, ...detailsOf(thrown)];
	const { errors } = thrown as { errors?: unknown };
	const others: [string, unknown][] = Array.isArray(errors)
		? errors.map((each, at) => [`error ${at + 1}`, each])
		: [];
	if (thrown.cause !== undefined) others.push(["caused by", thrown.cause]);
	for (const [title, other] of others) {
		if (seen.has(other) || seen.size > DEPTH) continue;
		const [head, ...rest] = explain(other, places, seen);
		explained.push("", `${title}: ${head}`, ...rest);
	}
	return explained;
}

/** Describes what a cell threw: its message, the user's own line, the calls that led there, and its causes. */
export function describe(thrown: unknown, places: Places): ErrorContent {
	const traceback = explain(thrown, places, new Set());
	if (isError(thrown))
		return { ename: nameOf(thrown), evalue: String(thrown.message), traceback };
	const evalue = inspect(thrown);
	return {
		ename: "Thrown",
		evalue,
		traceback: [`${red("Thrown")}: ${evalue}`],
	};
}
