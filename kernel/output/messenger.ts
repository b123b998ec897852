import type { Guard } from "../guard.ts";
import type { Header, Message } from "../protocol/messages.ts";
import { type Channel, Shared, type ToSockets } from "../protocol/threads.ts";

/** Bytes that may be queued before the cell that writes them has to wait. */
const LIMIT = 64 * 1024 * 1024;

/** Half of a surrogate pair as JSON escapes it, or any other escaped character. */
const ESCAPED = /\\(?:u(d[89a-f][0-9a-f]{2})|.)/g;

/**
 * Content as JSON. A bigint becomes its digits, and half of a surrogate pair the replacement character U+FFFD: no
 * notebook could be saved with one.
 */
export function toJson(content: unknown): string {
	let json: string;
	try {
		json = JSON.stringify(content);
	} catch (error) {
		if (!(error instanceof TypeError) || !/BigInt/.test(error.message))
			throw error;
		json = JSON.stringify(content, (_, value) =>
			typeof value === "bigint" ? String(value) : value,
		);
	}
	if (!json.includes("\\ud")) return json;
	return json.replace(ESCAPED, (all, half) => (half ? "\ufffd" : all));
}

/** Sends messages from the thread of the cells to the thread of the sockets. */
export class Link {
	readonly #post: (order: ToSockets) => void;
	readonly #memory: Int32Array;
	readonly #guard: Guard;

	constructor(
		post: (order: ToSockets) => void,
		memory: Int32Array,
		guard: Guard,
	) {
		this.#post = post;
		this.#memory = memory;
		this.#guard = guard;
	}

	/** Publishes a message on IOPub. Content that is a string is JSON already. */
	publish(
		type: string,
		content: object | string,
		parent: Header | null,
		more: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] } = {},
	): void {
		this.#send("iopub", [type], type, content, parent, more);
	}

	/** Replies to a request. */
	reply(
		request: Message,
		content: Record<string, unknown>,
		channel: Channel = "shell",
	): void {
		const type = request.header.msg_type.replace(/_request$/, "_reply");
		this.#send(channel, request.ids, type, content, request.header);
	}

	/** Sends a request over stdin to the front end that sent the cell. */
	ask(
		request: Pick<Message, "ids" | "header">,
		content: Record<string, unknown>,
	): void {
		this.#send("stdin", request.ids, "input_request", content, request.header);
	}

	/** Tells the socket thread that a request has been dealt with. */
	done(): void {
		this.#post({ kind: "done" });
	}

	/** Waits for a child process so that an interrupt can end it; the children in `others` are left alone. */
	whileWaiting<T>(others: number[], wait: () => T): T {
		this.#guard.shield(() => this.#post({ kind: "wait", others }));
		Atomics.store(this.#memory, Shared.waiting, 1);
		try {
			return wait();
		} finally {
			Atomics.store(this.#memory, Shared.waiting, 0);
		}
	}

	/** Tells the socket thread to send its queued messages and to end. */
	close(): void {
		this.#post({ kind: "close" });
	}

	#send(
		channel: Channel,
		ids: (Uint8Array | string)[],
		type: string,
		content: object | string,
		parent: Header | null,
		more: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] } = {},
	): void {
		const json = typeof content === "string" ? content : toJson(content);
		const metadata = more.metadata && toJson(more.metadata);
		while (Atomics.load(this.#memory, Shared.unsent) > LIMIT) {
			const now = Atomics.load(this.#memory, Shared.unsent);
			Atomics.wait(this.#memory, Shared.unsent, now, 100);
		}
		this.#guard.shield(() => {
			Atomics.add(this.#memory, Shared.unsent, json.length);
			const message = {
				ids,
				type,
				parent,
				content: json,
				metadata,
				buffers: more.buffers,
			};
			this.#post({ kind: "send", channel, message });
		});
	}
}
