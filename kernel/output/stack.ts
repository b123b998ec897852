import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { unmarked } from "../cells/compile/marked-names.ts";
import type {
	SourcePosition,
	SourcePositions,
} from "../cells/run/source-positions.ts";
import { attempt, propertyOf, stringOf } from "../safely.ts";

/** The kernel's own folder. */
const own = fileURLToPath(new URL("../", import.meta.url));
const INTERNAL =
	/node:|node_modules\/tslab|unrolled\.kernel\.cell|Script\.runInThisContext|<anonymous>\)?$/;
const FRAME =
	/^\s+at (?:(.*?) \(|async )?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/;

/** Internal callers: of functions that are properties, and of timers. */
const NOT_SAID = /\b(Proxy|Object)\.|^(Timeout|Immediate)\._on\w+$/;
/** What the reader calls a cell, in an error that was copied. */
const READABLE = /^cell \d+$/;

/** A line of a stack trace: in the user's own code, in a package, or as it came, of a stack that was readable before. */
type Frame =
	| { call: string; position: SourcePosition }
	| { from: string }
	| { as: string };

const packages = new Map<string, string>();

/** The name of the package that a file belongs to. */
function packageOf(file: string): string {
	for (let folder = dirname(file); dirname(folder) !== folder; ) {
		const known = packages.get(folder);
		if (known) return known;
		const about = join(folder, "package.json");
		if (existsSync(about)) {
			const { name } = JSON.parse(readFileSync(about, "utf8")) as {
				name?: string;
			};
			if (name) {
				packages.set(folder, name);
				return name;
			}
		}
		folder = dirname(folder);
	}
	return "other code";
}

function frameOf(line: string, positions: SourcePositions): Frame | undefined {
	const [, call = "", url, row, column] = FRAME.exec(line) ?? [];
	if (!url) return undefined;
	const file = url.startsWith("file://") ? fileURLToPath(url) : url;
	const position = positions.find(file, Number(row), Number(column));
	if (position) return { call: call.replace(NOT_SAID, ""), position };
	if (READABLE.test(file)) return { as: line };
	if (INTERNAL.test(line) || file.startsWith(own)) return undefined;
	return { from: /^wasm:/.test(file) ? "WebAssembly" : packageOf(file) };
}

const where = ({ name, line, column }: SourcePosition): string =>
	`${name.startsWith("/") ? relative(process.cwd(), name) : name}:${line}:${column}`;

/** A call of the reader's own, as a line of a stack trace. */
const callAt = ({
	call,
	position,
}: {
	call: string;
	position: SourcePosition;
}): string =>
	`    at ${call ? `${call} (${where(position)})` : where(position)}`;

/** How many lines that are the same are shown one by one, of a function that calls itself. */
const SAME = 2;

/** Lines with the repetitions among them counted. */
function counted(lines: readonly string[]): string[] {
	const shown: string[] = [];
	for (let i = 0; i < lines.length; ) {
		let same = 1;
		while (lines[i + same] === lines[i]) same++;
		shown.push(...lines.slice(i, i + Math.min(same, SAME)));
		if (same > SAME) shown.push(`    … the same ${same - SAME} times more`);
		i += same;
	}
	return shown;
}

/** A stack trace as its reader needs it: their own calls by line, those inside packages folded, Node's and the kernel's left out. */
export function readStack(
	stack: string,
	positions: SourcePositions,
): { first: SourcePosition | undefined; lines: string[] } {
	const frames = stack
		.split("\n")
		.filter((line) => /^\s+at /.test(line))
		.map((line) => frameOf(line, positions))
		.filter((frame) => frame !== undefined);
	const lines: string[] = [];
	let first: SourcePosition | undefined;
	for (let i = 0; i < frames.length; i++) {
		const frame = frames[i];
		if (!("from" in frame)) {
			if ("position" in frame) first ??= frame.position;
			lines.push("position" in frame ? callAt(frame) : frame.as);
			continue;
		}
		let calls = 1;
		for (; i + 1 < frames.length; i++, calls++) {
			const next = frames[i + 1];
			if (!("from" in next) || next.from !== frame.from) break;
		}
		const text = `${calls} ${calls === 1 ? "call" : "calls"} inside ${frame.from}`;
		lines.push(`    … ${text}`);
	}
	return { first, lines: counted(lines) };
}

/** The stack that V8 gave each error, by the readable stack that replaced it. */
const originals = new WeakMap<object, { original: string; readable: string }>();

/**
 * Gives every error a stack that points at the reader's own lines, however it is printed: `console.error(error)`, `error.stack`,
 * as a value, as a cause, within an object. Calls inside packages stay as they are.
 */
export function makeStacksReadable(positions: SourcePositions): void {
	Error.stackTraceLimit = 50; // calls inside a package must not hide the reader's own
	Error.prepareStackTrace = (error, calls) => {
		const title = unmarked(
			attempt(() => Error.prototype.toString.call(error), "Error"),
		);
		const lines = calls.map(
			(call) => `    at ${attempt(() => String(call), "")}`,
		);
		const readable = lines.flatMap((line) => {
			const frame = frameOf(line, positions);
			if (!frame) return [];
			return "position" in frame ? callAt(frame) : line;
		});
		const stack = [title, ...readable].join("\n");
		const original = [title, ...lines].join("\n");
		originals.set(error, { original, readable: stack });
		return stack;
	};
}

/** The stack of an error as V8 gives it. */
export function stackOf(error: Error): string {
	const stack = stringOf(propertyOf(error, "stack") ?? "") ?? "";
	const known = originals.get(error);
	return known?.readable === stack ? known.original : stack;
}
