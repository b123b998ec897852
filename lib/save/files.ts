import { type Bytes, builtin } from "../backend/platform.ts";
import { expectValue } from "../expect/expect.ts";
import { text } from "../expect/rules.ts";
import { asBytes } from "./safetensors.ts";

/** What is used of Node's `fs`. */
interface Files {
	openSync(path: string, flags: string): number;
	writeSync(file: number, bytes: Uint8Array, at: number): number;
	fsyncSync(file: number): void;
	closeSync(file: number): void;
	renameSync(from: string, to: string): void;
	unlinkSync(path: string): void;
	readFileSync(path: string): Bytes;
}

function files(place: string): Files {
	const fs = builtin<Files>("node:fs");
	if (!fs)
		throw new Error(
			`${place}: a browser's page has no files; keep the bytes in a variable, or offer them as a download`,
		);
	return fs;
}

/**
 * Writes bytes into a file, all of them or none: into another file first, flushed to the disk, which then takes the name. Whenever the process or the
 * machine stops, the old file is there, or the new one. In Node alone.
 * @throws when the file cannot be written; the old one stays as it was.
 */
export function saveFile(path: string, bytes: Uint8Array | ArrayBuffer): void {
	expectValue("saveFile", "the path", path, text);
	const given = asBytes("saveFile", bytes);
	const fs = files("saveFile");
	const unfinished = `${path}.unfinished`;
	try {
		const file = fs.openSync(unfinished, "w");
		try {
			for (let at = 0; at < given.length; )
				at += fs.writeSync(file, given.subarray(at), 0);
			fs.fsyncSync(file);
		} finally {
			fs.closeSync(file);
		}
		fs.renameSync(unfinished, path);
	} catch (cause) {
		throw new Error(
			`saveFile: ${path} cannot be written: ${(cause as Error).message}`,
			{ cause },
		);
	}
	try {
		// the folder too, so that the new name lasts; not every system has that
		const slash = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
		const folder = fs.openSync(slash < 0 ? "." : path.slice(0, slash + 1), "r");
		fs.fsyncSync(folder);
		fs.closeSync(folder);
	} catch {
		// the file itself is written
	}
}

/**
 * The bytes of a file. In Node alone.
 * @throws when it cannot be read.
 */
export function loadFile(path: string): Bytes {
	expectValue("loadFile", "the path", path, text);
	const fs = files("loadFile");
	try {
		return new Uint8Array(fs.readFileSync(path));
	} catch (cause) {
		throw new Error(
			`loadFile: ${path} cannot be read: ${(cause as Error).message}`,
			{ cause },
		);
	}
}
