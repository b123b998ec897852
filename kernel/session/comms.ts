import { randomUUID } from "node:crypto";
import type { Comm, CommContent, CommTarget } from "../host.ts";
import { cellOfContext } from "../life/cell.ts";
import type { Link } from "../output/messenger.ts";
import type { Streams } from "../output/streams.ts";
import type { Message } from "../protocol/messages.ts";

const record = (value: unknown): Record<string, unknown> =>
	typeof value === "object" && value !== null
		? (value as Record<string, unknown>)
		: {};

const contentOf = ({
	content,
	metadata,
	buffers,
}: Message): Required<CommContent> => ({
	data: record(content.data),
	metadata,
	buffers,
});

/** The comms of a session: the handler of each target, and the open comms. */
export class Comms {
	readonly #link: Link;
	readonly #streams: Streams;
	readonly #targets = new Map<string, CommTarget>();
	readonly #open = new Map<string, Comm>();

	constructor(link: Link, streams: Streams) {
		this.#link = link;
		this.#streams = streams;
	}

	/** Registers the handler of comms that the page opens to a name. */
	register(target: string, opened: CommTarget): void {
		this.#targets.set(target, opened);
	}

	/** Opens a comm to a name of the page. */
	open(target: string, content: CommContent): Comm {
		const comm = this.#add(randomUUID(), target);
		this.#send("comm_open", { comm_id: comm.id, target_name: target }, content);
		return comm;
	}

	/** The content of a `comm_info_reply`: all comms, or those of one target. */
	info(target: unknown): Record<string, unknown> {
		const comms = [...this.#open.values()].filter(
			(comm) => typeof target !== "string" || comm.target === target,
		);
		return {
			comms: Object.fromEntries(
				comms.map((comm) => [comm.id, { target_name: comm.target }]),
			),
		};
	}

	/** Handles a `comm_open`, `comm_msg` or `comm_close` of the page. */
	async receive(message: Message): Promise<void> {
		const id = String(message.content.comm_id);
		if (message.header.msg_type === "comm_open") {
			const target = String(message.content.target_name);
			const opened = this.#targets.get(target);
			if (!opened) return this.#send("comm_close", { comm_id: id }, {});
			try {
				await opened(this.#add(id, target), contentOf(message));
			} catch (error) {
				this.#open.delete(id);
				this.#send("comm_close", { comm_id: id }, {});
				throw error;
			}
			return;
		}
		const comm = this.#open.get(id);
		if (!comm) return;
		if (message.header.msg_type === "comm_close") {
			this.#open.delete(id);
			await comm.onClose?.(contentOf(message));
		} else await comm.onMessage?.(contentOf(message));
	}

	#add(id: string, target: string): Comm {
		const comm: Comm = {
			id,
			target,
			onMessage: undefined,
			onClose: undefined,
			send: (content) => this.#send("comm_msg", { comm_id: id }, content),
			close: (content = {}) => {
				if (this.#open.delete(id))
					this.#send("comm_close", { comm_id: id }, content);
			},
		};
		this.#open.set(id, comm);
		return comm;
	}

	#send(
		type: string,
		about: Record<string, unknown>,
		{ data = {}, metadata, buffers }: CommContent,
	): void {
		this.#streams.flush();
		const parent = cellOfContext.getStore()?.request.header ?? null;
		this.#link.publish(type, { ...about, data }, parent, { metadata, buffers });
	}
}
