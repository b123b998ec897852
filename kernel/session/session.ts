import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { inTask } from "../life/tasks.ts";
import { log } from "../log.ts";
import { describe } from "../output/errors.ts";
import type { Message } from "../protocol/messages.ts";
import type { ToCells } from "../protocol/threads.ts";
import { repair } from "../termination.ts";
import { AfterError } from "./after-error.ts";
import { Clocks } from "./clocks.ts";
import { Execution } from "./execute.ts";
import type { Parts } from "./parts.ts";
import { answerTo } from "./shell-handlers.ts";

/** The queue of one shell, the main shell or a subshell. Its cells run one after the other, concurrently with those of other shells. */
interface Shell {
	/** The requests that wait. */
	cells: Message[];
	running: Message | undefined;
	/** Which requests are aborted because a cell failed. */
	failure: AfterError | undefined;
}

/**
 * The requests of the shell channel. The cells of a shell run one after the other; other requests (a completion
 * while a cell awaits) are answered at once, in the main shell as in others.
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

	/** Handles the messages that the socket thread has sent so far. */
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

	/** Ends interrupted cells, after their `finally` blocks. Tried again at every ring, because this task may be terminated too. */
	#obey(): void {
		const { executor, guard } = this.#parts;
		if (!guard.owes) return;
		executor.endStopped();
		inTask(() => guard.obey());
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
			failure: undefined,
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

	/** Runs a cell, unless one before it failed and it belongs to the same run. */
	async #runCell(shell: Shell, message: Message): Promise<void> {
		const { header, arrived, metadata } = message;
		const { cellId } = metadata;
		const date = Date.parse(header.date);
		const sent = {
			at: this.#clocks.sent(message),
			date: Number.isNaN(date) ? arrived : date,
			session: header.session,
			cellId: typeof cellId === "string" ? cellId : undefined,
		};
		if (shell.failure?.aborts(sent, Date.now()))
			return this.#parts.link.reply(message, { status: "aborted" });
		const { abort, stopped, answer } = await this.#execution.execute(message);
		shell.failure = abort
			? new AfterError(sent, Date.now(), stopped)
			: undefined;
		answer();
	}

	/** Runs the work of a request between its busy and its idle status. */
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
			const failure = describe(error, this.#parts.executor.positions);
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
			const content = await answerTo(message, this.#parts);
			if (content) link.reply(message, { status: "ok", ...content });
		});
		guard.release();
	}
}
