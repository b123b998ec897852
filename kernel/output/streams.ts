import { setTimeout } from "node:timers";
import type { Guard } from "../guard.ts";
import { type Cell, cellOfContext, type Request } from "../life/cell.ts";
import { inTask } from "../life/tasks.ts";
import { Allowance, type Piece } from "./allowance.ts";
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
const OLD = 50;
/** Where a page is not shown all, the newest text is sent at the latest after this time (ms). */
const PAUSE = 1000;

/**
 * What cells print. Small texts are joined on the way, so that a loop of ten thousand prints is some hundred messages; each
 * goes to the cell that printed it, and of a flood a page is shown a part ({@link Allowance}). Works while the event loop is
 * blocked, since every write looks at the clock.
 */
export class Streams {
	readonly #link: Link;
	readonly #guard: Guard;
	#waiting: Printed | undefined;
	/** Half of a surrogate pair, when nothing else is queued. */
	#half: Printed | undefined;
	#sent = 0;
	/** When the queued text will be sent, at the latest. */
	#due = 0;
	#written: (() => void)[] = [];
	/** The requests that have printed: what a cell prints first is sent at once, since the cell may go on without a pause. */
	readonly #printed = new WeakSet<Request>();
	readonly #allowances = new WeakMap<Request, Allowance>();
	/** The requests whose newest text waits. */
	readonly #short = new Set<Request>();

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

	/** Calls `done`, the callback of a write, after the current task. */
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
		if (before && (before.name !== name || before.cell !== cell))
			this.#sendAll();
		if (!this.#waiting) {
			const texts = this.#half ? this.#half.texts : [];
			this.#waiting = { name, cell, texts, length: texts.length };
			this.#half = undefined;
			if (now > this.#due) {
				this.#due = now + OLD;
				this.#later(OLD, () => this.#spill());
			}
		}
		const open = this.#waiting;
		open.texts.push(text);
		open.length += text.length;
		const isFirst = !this.#printed.has(cell.request);
		this.#printed.add(cell.request);
		if (isFirst || open.length > LARGE || now - this.#sent > OLD)
			this.#guard.shield(() => this.#spill());
	}

	/** Does something outside of the cell, whose end would cancel it. */
	#later(time: number, work: () => void): void {
		const shielded = () => this.#guard.shield(work);
		cellOfContext.exit(() => setTimeout(shielded, time));
	}

	/** Sends the queued text. Call it before anything else is published. */
	flush(): void {
		this.#sendAll();
		if (this.#short.size) this.#guard.shield(() => this.#endGaps());
	}

	#sendAll(): void {
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
		if (waiting.length > (half?.length ?? 0)) this.#sendAll();
		this.#waiting = undefined;
		if (half) this.#half = { ...waiting, texts: [half], length: 1 };
	}

	#send(): void {
		const waiting = this.#waiting;
		if (!waiting) return;
		this.#waiting = undefined;
		this.#sent = performance.now();
		const { name, cell, texts } = waiting;
		this.#show(cell.request, { name, text: texts.join("") });
	}

	/** Publishes a text, or what a page can take of it. */
	#show(request: Request, piece: Piece): void {
		if (!request.isOfPage) {
			this.#publish(request, [piece]);
			return;
		}
		const allowance = this.#allowances.get(request) ?? new Allowance();
		this.#allowances.set(request, allowance);
		this.#publish(request, allowance.take(piece));
		if (!allowance.isShort) this.#short.delete(request);
		else if (!this.#short.has(request)) {
			this.#short.add(request);
			this.#later(PAUSE, () => this.#endGaps());
		}
	}

	/** Publishes the text that waits because a page cannot take more. */
	#endGaps(): void {
		for (const request of this.#short)
			this.#publish(request, this.#allowances.get(request)?.rest() ?? []);
		this.#short.clear();
	}

	#publish(request: Request, pieces: Piece[]): void {
		for (const piece of pieces)
			this.#link.publish("stream", piece, request.header);
	}
}
