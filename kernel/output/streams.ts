import { StringDecoder } from "node:string_decoder";
import type { Guard } from "../guard.ts";
import { type Cell, currentCell } from "../life/cell.ts";
import { inTask } from "../life/tasks.ts";
import { adoptDescriptors } from "./descriptors.ts";
import type { Link } from "./messenger.ts";

type Name = "stdout" | "stderr";
type Chunk = string | Uint8Array;
type Done = () => void;
/** What may follow in a call of `write`: an encoding, and whom to tell. */
type Rest = [encoding?: string | Done, callback?: Done];

interface Printed {
	name: Name;
	cell: Cell;
	texts: string[];
	length: number;
}

/** Whether a text in an encoding stands for bytes. */
const isBinary = (encoding: unknown): boolean =>
	typeof encoding === "string" &&
	Buffer.isEncoding(encoding) &&
	!/^utf-?8$/i.test(encoding);

/** The first half of a surrogate pair, at the end of a text: the next print may bring the other. */
const HALF = /[\ud800-\udbff]$/;

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
	#waiting: Printed | undefined;
	/** Half of a surrogate pair, when that is all that waits. */
	#half: Printed | undefined;
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
			const own = stream.write.bind(stream);
			const decoder = new StringDecoder("utf8");
			let decoded: Cell | undefined;
			/** Bytes as text; those of a letter that has not ended wait for the rest of it, in the same cell. */
			const textOf = (bytes: Uint8Array, cell: Cell): string => {
				if (decoded && decoded !== cell) {
					const rest = decoder.end();
					if (rest) this.#write(name, rest, decoded);
				}
				decoded = cell;
				return decoder.write(Buffer.from(bytes));
			};
			const write = (chunk: Chunk, ...[encoding, callback]: Rest): boolean => {
				const cell = currentCell();
				if (!cell) return own(chunk);
				const isText = typeof chunk === "string" && !isBinary(encoding);
				const bytes = isText
					? chunk
					: Buffer.from(chunk as never, encoding as never);
				const text = typeof bytes === "string" ? bytes : textOf(bytes, cell);
				if (text) this.#write(name, text, cell);
				const done = typeof encoding === "function" ? encoding : callback;
				if (done) this.#tell(done);
				return true;
			};
			/** Says that all is written, and stays open: later cells write as well. */
			const end = (...values: [Chunk | Done | undefined, ...Rest]) => {
				const [chunk, ...rest] = values;
				const done = values.find((each) => typeof each === "function");
				if (typeof chunk === "string" || ArrayBuffer.isView(chunk))
					write(chunk, ...rest.filter((each) => each !== done));
				this.#tell(() => {
					done?.();
					stream.emit("finish");
				});
				return stream;
			};
			Object.assign(stream, { write, end });
		}
		adoptDescriptors();
	}

	/** Calls back those who wanted to know that their text is written, once what runs has ended. */
	#tell(done: () => void): void {
		this.#written.push(done);
		if (this.#written.length === 1) inTask(this.#tellAll);
	}

	readonly #tellAll = () => {
		for (const done of this.#written.splice(0)) done();
	};

	#write(name: Name, text: string, cell: Cell): void {
		if (cell.silent) return;
		const now = performance.now();
		const before = this.#waiting ?? this.#half;
		if (before && (before.name !== name || before.cell !== cell)) this.flush();
		if (!this.#waiting) {
			const texts = this.#half ? this.#half.texts : [];
			this.#waiting = { name, cell, texts, length: texts.length };
			this.#half = undefined;
			inTask(() => this.#guard.shield(() => this.#spill()));
		}
		const open = this.#waiting;
		open.texts.push(text);
		open.length += text.length;
		if (open.length > LARGE || now - this.#sent > OLD)
			this.#guard.shield(() => this.#spill());
	}

	/** Sends all that waits. Everything else that is published has to come after. */
	flush(): void {
		if (this.#written.length) inTask(this.#tellAll); // the task that was to do it may have been terminated
		this.#waiting ??= this.#half;
		this.#half = undefined;
		if (this.#waiting) this.#guard.shield(() => this.#send());
	}

	/** Sends what waits, less half of a surrogate pair at its end. */
	#spill(): void {
		const waiting = this.#waiting;
		const last = waiting?.texts.at(-1);
		if (!waiting || !last) return;
		const [half] = HALF.exec(last) ?? [];
		if (half) waiting.texts.splice(-1, 1, last.slice(0, -1));
		if (waiting.length > (half?.length ?? 0)) this.flush();
		this.#waiting = undefined;
		if (half) this.#half = { ...waiting, texts: [half], length: 1 };
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
