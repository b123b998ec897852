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

/** A cell that was run: in which session, as which cell of it, its code and the text of its value. */
type Entry = [session: number, line: number, code: string, output?: string];

/** How many cells of earlier sessions are kept. */
const KEPT = 5000;

/** `UNROLLED_HISTORY` names another file, or is `off`. */
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

/** Whether a text matches a pattern in which `*` stands for any text and `?` for any letter. */
function matches(text: string, pattern: string): boolean {
	const source = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
	const regex = source.replaceAll("*", ".*").replaceAll("?", ".");
	return new RegExp(`^${regex}$`, "s").test(text);
}

/** The cells of this session and of those before it, which are kept in a file that only its user may read, one a line. */
export class History {
	readonly #file: string | undefined;
	/** Read when somebody asks, or when the first cell has run. */
	#entries: Entry[] | undefined;
	#session = 1;
	#writable: boolean;

	constructor(file = defaultFile()) {
		this.#file = file;
		this.#writable = file !== undefined;
	}

	/** Adds a cell. */
	add(line: number, code: string, output: string | undefined): void {
		const entries = this.#read();
		const entry: Entry = [this.#session, line, code];
		if (output !== undefined) entry.push(output);
		entries.push(entry);
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
			if (existsSync(this.#file)) chmodSync(this.#file, 0o600); // of an earlier version
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
		const entries = this.#read();
		const last = typeof content.n === "number" ? content.n : entries.length;
		if (content.hist_access_type === "range") {
			const asked = Number(content.session ?? 0);
			const session = asked > 0 ? asked : this.#session + asked;
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
			// the latest of each, in order
			const latest = new Map<string, Entry>();
			for (const entry of found) {
				latest.delete(entry[2]);
				latest.set(entry[2], entry);
			}
			return [...latest.values()].slice(-last);
		}
		return last > 0 ? entries.slice(-last) : [];
	}

	#read(): Entry[] {
		if (this.#entries) return this.#entries;
		this.#entries = [];
		if (!this.#file) return this.#entries;
		try {
			const lines = readFileSync(this.#file, "utf8").split("\n");
			for (const line of lines) {
				try {
					const entry: unknown = JSON.parse(line);
					if (isEntry(entry)) this.#entries.push(entry);
				} catch {
					// a line that was cut short
				}
			}
			if (this.#entries.length > 2 * KEPT) {
				this.#entries = this.#entries.slice(-KEPT);
				const text = this.#entries.map((entry) => JSON.stringify(entry));
				writeFileSync(this.#file, `${text.join("\n")}\n`, { mode: 0o600 });
			}
		} catch {
			// there is no history yet
		}
		this.#session =
			1 + this.#entries.reduce((most, [of]) => Math.max(most, of), 0);
		this.#makeFolder();
		this.#write([this.#session, 0, ""]); // takes the number, for kernels that start meanwhile
		this.#entries = this.#entries.filter(([, line]) => line > 0);
		return this.#entries;
	}
}
