import {
	appendFileSync,
	chmodSync,
	existsSync,
	mkdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** A cell that was run: the number of its session, its execution count, its code, and the text of its value. */
type Entry = [session: number, line: number, code: string, output?: string];

/** How many cells the file keeps when it is shortened. */
const KEPT = 5000;

/** The history file: `UNROLLED_HISTORY` names another one, or is `off`. */
function defaultFile(): string | undefined {
	const { UNROLLED_HISTORY, XDG_STATE_HOME } = process.env;
	if (UNROLLED_HISTORY === "off") return undefined;
	if (UNROLLED_HISTORY) return UNROLLED_HISTORY;
	return join(
		XDG_STATE_HOME || join(homedir(), ".local/state"),
		"unrolled/history.jsonl",
	);
}

const isEntry = (value: unknown): value is Entry =>
	Array.isArray(value) &&
	typeof value[0] === "number" &&
	typeof value[1] === "number" &&
	typeof value[2] === "string";

/** Whether a text matches a glob: `*` stands for any text, `?` for any one character. */
function matches(text: string, pattern: string): boolean {
	const source = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
	const regex = source.replaceAll("*", ".*").replaceAll("?", ".");
	return new RegExp(`^${regex}$`, "s").test(text);
}

/** The entries in the text of a history file. */
function entriesIn(text: string): Entry[] {
	return text.split("\n").flatMap((line) => {
		try {
			const entry: unknown = JSON.parse(line);
			return isEntry(entry) ? [entry] : [];
		} catch {
			return []; // a line that was written only in part
		}
	});
}

/**
 * The cells of this session and of earlier ones. They are kept in a file that only its owner can read, one cell a line.
 * Only this session's cells are in memory: the file is read for a `history_request`.
 */
export class History {
	readonly #file: string | undefined;
	/** The cells of this session. */
	readonly #own: Entry[] = [];
	/** The number of this session; it is taken after the first cell, or at the first request. */
	#session: number | undefined;
	#writable: boolean;

	constructor(file = defaultFile()) {
		this.#file = file;
		this.#writable = file !== undefined;
	}

	/** Adds a cell that has run. */
	add(line: number, code: string, output: string | undefined): void {
		const entry: Entry = [this.#begin(), line, code];
		if (output !== undefined) entry.push(output);
		this.#own.push(entry);
		this.#write(entry);
	}

	#write(entry: Entry): void {
		if (!this.#writable || !this.#file) return;
		try {
			const line = `${JSON.stringify(entry)}\n`;
			appendFileSync(this.#file, line, { mode: 0o600 });
		} catch {
			this.#writable = false; // a read-only home keeps no history
		}
	}

	#makeFolder(): void {
		if (!this.#file) return;
		try {
			mkdirSync(dirname(this.#file), { recursive: true });
			if (existsSync(this.#file)) chmodSync(this.#file, 0o600); // a file of an earlier version may be readable to others
		} catch {
			this.#writable = false;
		}
	}

	/** The content of a `history_reply`. */
	answer(content: Record<string, unknown>): Record<string, unknown> {
		const found = this.#find(content);
		const history = found.map(([session, line, code, output]) =>
			content.output
				? [session, line, [code, output ?? null]]
				: [session, line, code],
		);
		return { history };
	}

	#find(content: Record<string, unknown>): Entry[] {
		const current = this.#begin();
		const earlier = entriesIn(this.#text()).filter(
			([session, line]) => session !== current && line > 0,
		);
		const entries = [...earlier, ...this.#own];
		const last = typeof content.n === "number" ? content.n : entries.length;
		if (content.hist_access_type === "range") {
			const asked = Number(content.session ?? 0);
			const session = asked > 0 ? asked : current + asked;
			const start = Number(content.start ?? 0);
			const stop = Number(content.stop ?? Number.POSITIVE_INFINITY);
			return entries.filter(
				([of, line]) => of === session && line >= start && line < stop,
			);
		}
		if (content.hist_access_type === "search") {
			const pattern = String(content.pattern ?? "*");
			const found = entries.filter(([, , code]) => matches(code, pattern));
			if (!content.unique) return found.slice(-last);
			// of equal codes only the latest
			const latest = new Map<string, Entry>();
			for (const entry of found) {
				latest.delete(entry[2]);
				latest.set(entry[2], entry);
			}
			return [...latest.values()].slice(-last);
		}
		return last > 0 ? entries.slice(-last) : [];
	}

	/** The text of the file; empty when there is none. */
	#text(): string {
		try {
			return this.#file ? readFileSync(this.#file, "utf8") : "";
		} catch {
			return "";
		}
	}

	/** The number of this session. The first call takes it, and shortens a long file. */
	#begin(): number {
		if (this.#session) return this.#session;
		const text = this.#text();
		let [count, most] = [0, 0];
		for (const [, session] of text.matchAll(/^\[(\d+),/gm)) {
			count++;
			most = Math.max(most, Number(session));
		}
		this.#session = most + 1;
		this.#makeFolder();
		if (count > 2 * KEPT) this.#shorten(text);
		this.#write([this.#session, 0, ""]); // so that a kernel that starts meanwhile takes the next number
		return this.#session;
	}

	/** Keeps only the latest entries. */
	#shorten(text: string): void {
		if (!this.#writable || !this.#file) return;
		const kept = entriesIn(text).slice(-KEPT);
		const lines = kept.map((entry) => `${JSON.stringify(entry)}\n`);
		try {
			writeFileSync(this.#file, lines.join(""), { mode: 0o600 });
		} catch {
			this.#writable = false;
		}
	}
}
