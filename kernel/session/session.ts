import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { type Cell, cellOfContext, newCell } from "../cells/cell.ts";
import { kernelInfo } from "../info.ts";
import type { ToCells } from "../link.ts";
import { log } from "../log.ts";
import { describe } from "../output/errors.ts";
import type { Message } from "../sockets/wire.ts";
import { repair } from "../termination.ts";
import { inTurn } from "../turns.ts";
import { Clocks } from "./clocks.ts";
import { describeFailure, Execution, type Parts } from "./execute.ts";
import { complete, inspect } from "./introspect.ts";

/** How long (ms) after an error, or after the last cell given up, a page may go on to send cells of one *Run All*. */
const BURST = 300;

/** The cells of one shell, main or sub, run one after the other, beside those of the others. */
interface Shell {
	/** Those that wait. */
	cells: Message[];
	running: Message | undefined;
	/** When the last reply went out that gives up the cells behind it (ms since 1970). */
	failed: number;
	/** Whether that was for a cell that the reader interrupted. */
	stopped: boolean;
}

type Answer = Record<string, unknown> | undefined;

/**
 * The requests of the shell channel. The cells of a shell run one after the other; what is asked beside them (a completion
 * while a cell awaits) is answered at once, in the main shell as in others.
 */
export class Session {
	readonly #parts: Parts;
	readonly #orders: MessagePort;
	readonly #execution: Execution;
	readonly #shells = new Map<string | null, Shell>();
	readonly #clocks = new Clocks();

	constructor(parts: Parts, orders: MessagePort) {
		this.#parts = parts;
		this.#orders = orders;
		this.#execution = new Execution(parts);
	}

	/** Reads what the socket thread has said by now. */
	collect(): void {
		this.#parts.guard.shield(() => {
			for (;;) {
				const order = receiveMessageOnPort(this.#orders);
				if (!order) break;
				this.#act(order.message as ToCells);
			}
		});
		this.#obey();
	}

	/** Ends what was interrupted, after its last turn. Tried again at every ring: those turns may be thrown away as well. */
	#obey(): void {
		const { executor, guard } = this.#parts;
		if (!guard.owes) return;
		executor.endStopped();
		inTurn(() => guard.obey());
	}

	#act(order: ToCells): void {
		const { executor, guard, link } = this.#parts;
		if (order.kind === "request") this.#clocks.sent(order.message); // each tells of its front end's clock
		if (order.kind === "interrupt") {
			guard.hear();
			repair();
			executor.interrupt(order.why);
		} else if (order.kind === "shutdown") link.close();
		else if (order.message.header.msg_type !== "execute_request")
			this.#answer(order.message);
		else {
			const shell = this.#shellOf(order.message);
			shell.cells.push(order.message);
			if (!shell.running) this.#runCells(shell);
		}
	}

	#shellOf({ header }: Message): Shell {
		const id = header.subshell_id ?? null;
		const shell = this.#shells.get(id) ?? {
			cells: [],
			running: undefined,
			failed: 0,
			stopped: false,
		};
		this.#shells.set(id, shell);
		return shell;
	}

	async #runCells(shell: Shell): Promise<void> {
		const { guard } = this.#parts;
		guard.hold();
		for (let next = shell.cells.shift(); next; next = shell.cells.shift()) {
			const message = next;
			shell.running = message;
			await this.#during(message, () => this.#runCell(shell, message));
		}
		shell.running = undefined;
		guard.release();
	}

	/** Runs a cell, unless it was sent before the front end could know that one before it failed. */
	async #runCell(shell: Shell, message: Message): Promise<void> {
		// a page that runs all its cells goes on sending before it looks at what has come
		const isOfPage = typeof message.metadata.cellId === "string";
		const until = shell.failed + (isOfPage && !shell.stopped ? BURST : 0);
		if (this.#clocks.sent(message) < until) {
			shell.failed = Date.now();
			this.#parts.link.reply(message, { status: "aborted" });
			return;
		}
		const { abort, stopped, answer } = await this.#execution.execute(message);
		shell.failed = abort ? Date.now() : 0;
		shell.stopped = stopped;
		answer();
	}

	/** Does something for a request between its busy and its idle status. */
	async #during<T>(
		message: Message,
		act: () => T | Promise<T>,
	): Promise<T | undefined> {
		const { link, streams } = this.#parts;
		link.publish("status", { execution_state: "busy" }, message.header);
		let result: T | undefined;
		try {
			result = await act();
		} catch (error) {
			const failure = describe(error, this.#parts.executor.places);
			log(`${message.header.msg_type}: ${failure.traceback.join("\n")}`);
			link.reply(message, { status: "error", ...failure });
		}
		streams.flush();
		link.publish("status", { execution_state: "idle" }, message.header);
		link.done();
		return result;
	}

	async #answer(message: Message): Promise<void> {
		const { guard, link } = this.#parts;
		guard.hold();
		await this.#during(message, async () => {
			const content = await this.#contentFor(message);
			if (content) link.reply(message, { status: "ok", ...content });
		});
		const running = this.#shells.get(null)?.running;
		if (running)
			link.publish("status", { execution_state: "busy" }, running.header);
		guard.release();
	}

	#contentFor(message: Message): Answer | Promise<Answer> {
		const { header, content } = message;
		const { comms, history } = this.#parts;
		const { compiler } = this.#parts.executor;
		switch (header.msg_type) {
			case "kernel_info_request":
				return kernelInfo();
			case "is_complete_request":
				return compiler.isComplete(String(content.code));
			case "complete_request":
				return this.#ask(message, () =>
					complete(this.#parts.executor, content),
				);
			case "inspect_request":
				return this.#ask(message, () => inspect(compiler, content));
			case "comm_info_request":
				return comms.info(content.target_name);
			case "history_request":
				return history.answer(content);
			case "comm_open":
			case "comm_msg":
			case "comm_close":
				return this.#toComm(message);
			default:
				log(`no answer to ${header.msg_type}`);
				return undefined;
		}
	}

	/** What the handler of a comm prints and shows goes where the front end expects it: to the comm's message. */
	async #toComm(message: Message): Promise<undefined> {
		const cell = this.#cellFor(message, `comm ${message.content.comm_id}`);
		const { comms, executor } = this.#parts;
		try {
			await executor.apart(cell, async () => {
				await comms.receive(message);
				while (cell.making.size) await Promise.all(cell.making);
			});
		} catch (error) {
			const { traceback } = describeFailure(error, executor, cell.count);
			cellOfContext.run(cell, () =>
				process.stderr.write(`${traceback.join("\n")}\n`),
			);
		}
	}

	/** Asks the compiler, in a turn that an interrupt may end: some types take it minutes. */
	#ask(message: Message, ask: () => Answer): Promise<Answer> {
		const { executor } = this.#parts;
		return executor.apart(this.#cellFor(message, "question"), ask);
	}

	/** What runs for a request that is no cell of the notebook. */
	#cellFor(message: Message, place: string): Cell {
		const { count } = this.#execution;
		return newCell(message, { count, silent: false, place });
	}
}
