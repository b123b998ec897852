import type { Guard } from "../guard.ts";
import type { Header, Message } from "../protocol/messages.ts";
import { type Channel, Shared, type ToSockets } from "../protocol/threads.ts";

/** How much may wait to be sent before the cell that writes it has to wait as well. */
const LIMIT = 64 * 1024 * 1024;

/** Half of a surrogate pair as JSON has it, or any other character behind a backslash. */
const ESCAPED = /\\(?:u(d[89a-f][0-9a-f]{2})|.)/g;

/**
 * Content as JSON. A bigint is its digits, and half of a surrogate pair the sign for a character that is missing: no
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

/** The cells' side of the way to the sockets. */
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

	/** Sends a message to everybody who listens. Content that is a string is JSON already. */
	publish(
		type: string,
		content: object | string,
		parent: Header | null,
		more: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] } = {},
	): void {
		this.#send("iopub", [type], type, content, parent, more);
	}

	/** Answers a request, to the one who asked. */
	reply(
		request: Message,
		content: Record<string, unknown>,
		channel: Channel = "shell",
	): void {
		const type = request.header.msg_type.replace(/_request$/, "_reply");
		this.#send(channel, request.ids, type, content, request.header);
	}

	/** Asks the one who sent a request for something, over stdin. */
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

	/** Waits for a child process, in a way that an interrupt can end, while these others run. */
	whileWaiting<T>(others: number[], wait: () => T): T {
		this.#guard.shield(() => this.#post({ kind: "wait", others }));
		Atomics.store(this.#memory, Shared.waiting, 1);
		try {
			return wait();
		} finally {
			Atomics.store(this.#memory, Shared.waiting, 0);
		}
	}

	/** Lets the socket thread send what there is to send, and end. */
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
