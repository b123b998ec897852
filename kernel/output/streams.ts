import type { Guard } from "../guard.ts";
import type { Cell } from "../life/cell.ts";
import { inTask } from "../life/tasks.ts";
import { CapturedStream, type Receiver, type StreamName } from "./captured.ts";
import { redirectDescriptors } from "./descriptors.ts";
import type { Link } from "./messenger.ts";

interface Printed {
	name: StreamName;
	cell: Cell;
	texts: string[];
	length: number;
}

/** The first half of a surrogate pair at the end of a text: the next print may start with the other half. */
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
	/** Half of a surrogate pair, when nothing else is queued. */
	#half: Printed | undefined;
	#sent = 0;
	#written: (() => void)[] = [];

	constructor(link: Link, guard: Guard) {
		this.#link = link;
		this.#guard = guard;
	}

	/** Sends process.stdout and process.stderr, and with them the console, to the notebook. */
	capture(): void {
		const receiver: Receiver = {
			write: (name, text, cell) => this.#write(name, text, cell),
			tell: (done) => this.#tell(done),
		};
		for (const name of ["stdout", "stderr"] as const)
			new CapturedStream(name, receiver);
		redirectDescriptors();
	}

	/** Calls `done`, which waits until its text is written, after the current task. */
	#tell(done: () => void): void {
		this.#written.push(done);
		if (this.#written.length === 1) inTask(this.#tellAll);
	}

	readonly #tellAll = () => {
		for (const done of this.#written.splice(0)) done();
	};

	#write(name: StreamName, text: string, cell: Cell): void {
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

	/** Sends the queued text. Call it before anything else is published. */
	flush(): void {
		if (this.#written.length) inTask(this.#tellAll); // the task that was to do it may have been terminated
		this.#waiting ??= this.#half;
		this.#half = undefined;
		if (this.#waiting) this.#guard.shield(() => this.#send());
	}

	/** Sends the queued text, but not half of a surrogate pair at its end. */
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
