import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { type Cell, cellOfContext } from "../cells/cell.ts";
import { kernelInfo } from "../info.ts";
import type { ToCells } from "../link.ts";
import { log } from "../log.ts";
import { describe } from "../output/errors.ts";
import type { Message } from "../sockets/wire.ts";
import { repair } from "../termination.ts";
import { describeFailure, Execution, type Parts } from "./execute.ts";
import { complete, inspect } from "./introspect.ts";

type Answer = Record<string, unknown> | undefined;

/**
 * The requests of the shell channel. Cells run one after the other; what is asked beside them (a completion while a cell
 * awaits) is answered at once.
 */
export class Session {
	readonly #parts: Parts;
	readonly #orders: MessagePort;
	readonly #execution: Execution;
	readonly #cells: Message[] = [];
	#running: Message | undefined;
	#drained: (() => void) | undefined;

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
				if (!order) return;
				this.#act(order.message as ToCells);
			}
		});
	}

	#act(order: ToCells): void {
		const { executor, guard, link } = this.#parts;
		if (order.kind === "interrupt") {
			guard.hear();
			repair();
			executor.interrupt(order.why);
		} else if (order.kind === "shutdown") link.close();
		else if (order.kind === "drained") this.#drained?.();
		else if (order.message.header.msg_type !== "execute_request")
			this.#answer(order.message);
		else {
			this.#cells.push(order.message);
			if (!this.#running) this.#runCells();
		}
	}

	async #runCells(): Promise<void> {
		const { guard, link } = this.#parts;
		guard.hold();
		for (let next = this.#cells.shift(); next; next = this.#cells.shift()) {
			const message = next;
			this.#running = message;
			const waiting = await this.#during(message, async () => {
				const { abort, answer } = await this.#execution.execute(message);
				const waiting = abort ? await this.#takeWaiting() : [];
				answer();
				return waiting;
			});
			for (const each of waiting ?? []) {
				await this.#during(each, () => link.reply(each, { status: "aborted" }));
			}
		}
		this.#running = undefined;
		guard.release();
	}

	/** The cells that were sent before it could be known that this one fails. */
	async #takeWaiting(): Promise<Message[]> {
		const { guard, link } = this.#parts;
		await new Promise<void>((drained) => {
			this.#drained = () => {
				this.#drained = undefined;
				guard.hold();
				drained();
			};
			link.drain();
			guard.release(); // a timer of the reader's may loop meanwhile
		});
		return this.#cells.splice(0);
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
		const running = this.#running;
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
				return complete(this.#parts.executor, content);
			case "inspect_request":
				return inspect(compiler, content);
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
		const { ids, header } = message;
		const cell: Cell = {
			request: { ids, header, allowsInput: false },
			count: this.#execution.count,
			silent: false,
			place: `comm ${message.content.comm_id}`,
			making: new Set(),
			payload: [],
			fail: undefined,
		};
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
}
