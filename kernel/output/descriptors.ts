import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { currentCell } from "../life/cell.ts";

type Written = string | NodeJS.ArrayBufferView;
type Call = (...values: unknown[]) => unknown;

const PATHS = /^(?:\/dev\/fd\/|\/proc\/self\/fd\/|\/dev\/std)(1|2|out|err)$/;

/** The descriptor, 1 or 2, that a number or a path refers to. */
function descriptorOf(file: unknown): 1 | 2 | undefined {
	if (file === 1 || file === 2) return file;
	const [, which] =
		typeof file === "string" ? (PATHS.exec(file) ?? []) : [undefined];
	if (!which) return undefined;
	return which === "1" || which === "out" ? 1 : 2;
}

const bytesOf = (view: NodeJS.ArrayBufferView): Buffer =>
	Buffer.from(view.buffer, view.byteOffset, view.byteLength);

/** The bytes that `fs.write(fd, data, …rest)` writes: text in an encoding, or a range of a buffer. */
function partOf(data: Written, rest: unknown[]): Buffer {
	if (typeof data === "string") {
		const named = (rest[0] ?? {}) as { encoding?: unknown };
		const encoding = [...rest, named.encoding].find(
			(each) => typeof each === "string",
		);
		return Buffer.from(data, encoding as BufferEncoding | undefined);
	}
	const given =
		typeof rest[0] === "object" && rest[0] !== null
			? (rest[0] as { offset?: number; length?: number })
			: { offset: rest[0] as number, length: rest[1] as number };
	const bytes = bytesOf(data);
	const from = typeof given.offset === "number" ? given.offset : 0;
	const length =
		typeof given.length === "number" ? given.length : bytes.length - from;
	return bytes.subarray(from, from + length);
}

const joined = (all: NodeJS.ArrayBufferView[]): Buffer =>
	Buffer.concat(all.map(bytesOf));

/** The functions that write to a descriptor, each with how to get the bytes from its arguments. All but those of files return the number of bytes. */
const WRITES: Record<string, (data: never, rest: unknown[]) => Buffer> = {
	write: partOf,
	writev: joined,
	writeFile: partOf,
	appendFile: partOf,
};

/** The replacement of a function of `fs` for calls in a cell whose first argument refers to stdout or stderr. */
type Instead = (descriptor: 1 | 2, values: unknown[]) => unknown;

/**
 * Makes `fs` write to the notebook where a cell writes to the descriptors of stdout and stderr. It would otherwise go to the log of the front
 * end, and be lost for the reader.
 */
export function redirectDescriptors(): void {
	for (const [name, bytesFor] of Object.entries(WRITES)) {
		const write: Instead = (descriptor, [data, ...rest]) => {
			const bytes = bytesFor(data as never, rest);
			process[descriptor === 1 ? "stdout" : "stderr"].write(bytes);
			return name.endsWith("File") ? undefined : bytes.length;
		};
		replace(`${name}Sync`, write);
		replace(name, (descriptor, values) =>
			callBack(values, write(descriptor, values), values[0]),
		);
	}
	// whoever opens one of them writes into it by its number, and closing it would close it for the kernel
	replace("openSync", (descriptor) => descriptor);
	replace("open", (descriptor, values) => callBack(values, descriptor));
	replace("closeSync", () => {});
	replace("close", (_, values) => callBack(values));
	syncBuiltinESMExports();
}

function replace(name: string, instead: Instead): void {
	const functions = fs as unknown as Record<string, Call>;
	const own = functions[name];
	const replaced: Call = (file, ...values) => {
		const descriptor = descriptorOf(file);
		if (!descriptor || !currentCell()) return own(file, ...values);
		return instead(descriptor, values);
	};
	// what `promisify` looks for
	const properties = Object.getOwnPropertyDescriptors(own);
	functions[name] = Object.defineProperties(replaced, properties);
}

/** Hands results to the callback, which is the last value of a call, if there is one. */
function callBack(values: unknown[], ...results: unknown[]): void {
	const done = values.at(-1);
	if (typeof done === "function") setImmediate(() => done(null, ...results));
}
