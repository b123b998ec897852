import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Cell } from "../life/cell.ts";
import type { Link } from "../output/messenger.ts";
import type { Streams } from "../output/streams.ts";
import { Shared } from "../protocol/threads.ts";

/** Asks the reader for text over stdin. The thread blocks until the answer comes, so a cell need not `await`. */
export class Input {
	readonly #link: Link;
	readonly #streams: Streams;
	readonly #answers: MessagePort;
	readonly #memory: Int32Array;

	constructor(
		link: Link,
		streams: Streams,
		answers: MessagePort,
		memory: Int32Array,
	) {
		this.#link = link;
		this.#streams = streams;
		this.#answers = answers;
		this.#memory = memory;
		answers.unref();
	}

	/** @throws Error when the front end of the cell cannot ask. */
	ask(cell: Cell | undefined, prompt: string, password: boolean): string {
		if (!cell?.request.allowsInput)
			throw new Error(
				"input: this front end cannot ask anything (the notebook runs unattended)",
			);
		this.#streams.flush();
		while (receiveMessageOnPort(this.#answers)); // answers to questions that were interrupted
		this.#link.ask(cell.request, { prompt, password });
		for (;;) {
			const before = Atomics.load(this.#memory, Shared.answers);
			const answer = receiveMessageOnPort(this.#answers);
			if (answer) return answer.message as string;
			Atomics.wait(this.#memory, Shared.answers, before, 1000);
		}
	}
}
