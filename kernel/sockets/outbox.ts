import type { Socket, Writable } from "zeromq";

/** Sends messages over one socket in their order, one at a time (zeromq.js refuses a second send while one waits). */
export class Outbox {
	readonly #socket: Writable & Socket;
	#last: Promise<void> = Promise.resolve();

	/** Resolves when all messages so far have been handed to ZeroMQ. */
	get sent(): Promise<void> {
		return this.#last;
	}

	constructor(socket: Writable & Socket) {
		this.#socket = socket;
	}

	/** Resolves when the message has been handed to ZeroMQ; a peer that has disconnected loses it. */
	send(frames: (Uint8Array | string)[]): Promise<void> {
		this.#last = this.#last
			.then(() => this.#socket.send(frames as never))
			.catch(() => {});
		return this.#last;
	}
}
