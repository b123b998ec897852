import { StringDecoder } from "node:string_decoder";
import { type Cell, currentCell } from "../cells/cell.ts";
import type { Guard } from "../guard.ts";
import { inTurn } from "../turns.ts";
import type { Link } from "./link.ts";

type Name = "stdout" | "stderr";

/** A text is sent at the latest when it has this many characters, or is this old (ms). */
const LARGE = 64 * 1024;
const OLD = 40;

/**
 * What cells print. Small texts are joined on the way, so that a loop of ten thousand prints is some hundred messages; each
 * goes to the cell that printed it. Works while the event loop is blocked, since every write looks at the clock.
 */
export class Streams {
	readonly #link: Link;
	readonly #guard: Guard;
	#waiting:
		| { name: Name; cell: Cell; texts: string[]; length: number }
		| undefined;
	#sent = 0;
	#written: (() => void)[] = [];

	constructor(link: Link, guard: Guard) {
		this.#link = link;
		this.#guard = guard;
	}

	/** Sends process.stdout and process.stderr, and with them the console, to the notebook. */
	capture(): void {
		for (const name of ["stdout", "stderr"] as const) {
			const stream = process[name];
			const write = stream.write.bind(stream);
			const decoder = new StringDecoder("utf8");
			stream.write = (
				chunk: string | Uint8Array,
				encoding?: unknown,
				callback?: unknown,
			): boolean => {
				const cell = currentCell();
				if (!cell) return write(chunk);
				const text =
					typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
				if (text) this.#write(name, text, cell);
				const done = typeof encoding === "function" ? encoding : callback;
				if (typeof done === "function") this.#tell(done as () => void);
				return true;
			};
		}
	}

	/** Calls back those who wanted to know that their text is written, once what runs has ended. */
	#tell(done: () => void): void {
		this.#written.push(done);
		if (this.#written.length === 1) inTurn(this.#tellAll);
	}

	readonly #tellAll = () => {
		for (const done of this.#written.splice(0)) done();
	};

	#write(name: Name, text: string, cell: Cell): void {
		if (cell.silent) return;
		const now = performance.now();
		const waiting = this.#waiting;
		if (waiting && (waiting.name !== name || waiting.cell !== cell))
			this.flush();
		if (!this.#waiting) {
			this.#waiting = { name, cell, texts: [], length: 0 };
			inTurn(() => this.flush());
		}
		const open = this.#waiting;
		open.texts.push(text);
		open.length += text.length;
		if (open.length > LARGE || now - this.#sent > OLD) this.flush();
	}

	/** Sends what waits. Everything else that is published has to come after. */
	flush(): void {
		if (this.#written.length) inTurn(this.#tellAll); // the turn that was to do it may be gone
		if (this.#waiting) this.#guard.shield(() => this.#send());
	}

	#send(): void {
		const waiting = this.#waiting;
		if (!waiting) return;
		this.#waiting = undefined;
		this.#sent = performance.now();
		this.#link.publish(
			"stream",
			{ name: waiting.name, text: waiting.texts.join("") },
			waiting.cell.request.header,
		);
	}
}
