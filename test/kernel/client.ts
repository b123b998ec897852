/** A small Jupyter front end: starts the built kernel and speaks the protocol with it over ZeroMQ. */
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";
import type { Header, Message } from "../../kernel/protocol/messages.ts";
import type { Connection } from "../../kernel/protocol/threads.ts";
import { decode, encode, type Signing } from "../../kernel/sockets/wire.ts";
import {
	addressOf,
	connectionIn,
	launch,
	type StartOptions,
} from "./launch.ts";

import {
	type Channel,
	type Content,
	type Outcome,
	outcomeOf,
	type Received,
} from "./outcome.ts";

export { REPOSITORY, type StartOptions } from "./launch.ts";
export { type Outcome, plain, type Received } from "./outcome.ts";

export class Kernel {
	readonly process: ChildProcess;
	/** Everything that came over iopub, in order. */
	readonly published: Received[] = [];
	readonly #replies: Received[] = [];
	readonly #signing: Signing;
	readonly #session = randomUUID();
	readonly #sockets: {
		shell: Dealer;
		control: Dealer;
		stdin: Dealer;
		iopub: Subscriber;
		heartbeat: Request;
	};
	#wake: (() => void)[] = [];
	/** What the kernel wrote to its real standard error. */
	log = "";
	/** Set to answer what cells ask for over stdin. */
	onInput: ((content: Content) => string) | undefined;

	/** Starts a kernel and waits until it answers. */
	static async start(options: StartOptions = {}): Promise<Kernel> {
		const folder = mkdtempSync(join(tmpdir(), "unrolled-kernel-"));
		const connection = await connectionIn(folder, options);
		const kernel = new Kernel(connection, folder, options);
		const welcome = ({ type }: Received) => type === "iopub_welcome";
		await kernel.until(() => kernel.published.find(welcome), "welcome");
		await kernel.request("shell", "kernel_info_request", {});
		return kernel;
	}

	private constructor(
		connection: Connection,
		folder: string,
		options: StartOptions,
	) {
		this.#signing = {
			key: connection.key,
			scheme: "hmac-sha256",
		};
		this.process = launch(connection, folder, options);
		this.process.stderr?.on("data", (data) => {
			this.log += data;
		});
		const address = (port: number) => addressOf(connection, port);
		const routingId = this.#session;
		this.#sockets = {
			shell: new Dealer({ routingId, linger: 0 }),
			control: new Dealer({ routingId, linger: 0 }),
			stdin: new Dealer({ routingId, linger: 0 }),
			iopub: new Subscriber({ linger: 0, receiveHighWaterMark: 0 }),
			heartbeat: new Request({ linger: 0 }),
		};
		this.#sockets.iopub.subscribe();
		this.#sockets.shell.connect(address(connection.shell_port));
		this.#sockets.control.connect(address(connection.control_port));
		this.#sockets.stdin.connect(address(connection.stdin_port));
		this.#sockets.iopub.connect(address(connection.iopub_port));
		this.#sockets.heartbeat.connect(address(connection.hb_port));
		for (const channel of ["shell", "control", "stdin", "iopub"] as const) {
			this.#listen(channel);
		}
	}

	async #listen(channel: Channel | "iopub"): Promise<void> {
		for await (const frames of this.#sockets[channel]) {
			const message = decode(this.#signing, frames);
			const at = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
			const parent = JSON.parse(frames[at + 3].toString()) as Content;
			const received: Received = {
				type: message.header.msg_type,
				content: message.content,
				parent: String(parent.msg_id ?? ""),
				buffers: message.buffers,
				channel,
			};
			(channel === "iopub" ? this.published : this.#replies).push(received);
			if (channel === "stdin") this.#answerInput(message);
			for (const wake of this.#wake.splice(0)) wake();
		}
	}

	#answerInput({ content }: Message): void {
		if (this.onInput) {
			this.send("stdin", "input_reply", { value: this.onInput(content) });
		}
	}

	/** Sends a message and gives its id. */
	send(
		channel: Channel,
		type: string,
		content: Content,
		more: {
			metadata?: Content;
			buffers?: Uint8Array[];
			header?: Partial<Header>;
		} = {},
	): string {
		const message = {
			ids: [],
			type,
			parent: null,
			content: JSON.stringify(content),
			metadata: JSON.stringify(more.metadata ?? {}),
			buffers: more.buffers,
		};
		const frames = encode(this.#signing, message, more.header);
		this.sendFrames(channel, frames);
		return JSON.parse(String(frames[2])).msg_id;
	}

	/** Sends frames as they are. */
	sendFrames(channel: Channel, frames: (Uint8Array | string)[]): void {
		const socket = this.#sockets[channel];
		this.#sending[channel] = (this.#sending[channel] ?? Promise.resolve()).then(
			() => socket.send(frames as never),
		);
	}
	readonly #sending: Partial<Record<Channel, Promise<void>>> = {};

	/** Waits until something that came in satisfies a condition. */
	async until<T>(find: () => T | undefined, what: string): Promise<T> {
		for (let waited = 0; ; ) {
			const found = find();
			if (found !== undefined) return found;
			if (waited > 30_000) {
				const { exitCode, signalCode } = this.process;
				const state = signalCode ?? exitCode ?? "runs";
				throw new Error(`no ${what} (kernel: ${state})\n${this.log}`);
			}
			const began = Date.now();
			await new Promise<void>((done) => {
				const timer = setTimeout(done, 1000);
				this.#wake.push(() => {
					clearTimeout(timer);
					done();
				});
			});
			waited += Date.now() - began;
		}
	}

	/** The reply to a message. */
	async reply(id: string): Promise<Received> {
		return this.until(
			() => this.#replies.find(({ parent }) => parent === id),
			`reply to ${id}`,
		);
	}

	/** What was published for a message, up to its idle status. */
	async outputs(id: string): Promise<Received[]> {
		const idle = ({ type, content, parent }: Received) =>
			type === "status" && content.execution_state === "idle" && parent === id;
		await this.until(() => this.published.find(idle), `idle after ${id}`);
		return this.published.filter(({ parent }) => parent === id);
	}

	/** Sends a request and waits for its reply and its idle status. */
	async request(
		channel: Channel,
		type: string,
		content: Content,
	): Promise<Content> {
		const id = this.send(channel, type, content);
		const refusal = `no answer to ${type}`;
		const reply = await this.until(() => {
			if (this.log.includes(refusal))
				throw new Error(`the kernel logs "${refusal}": is it built anew?`);
			return this.#replies.find(({ parent }) => parent === id);
		}, `reply to ${type}`);
		await this.outputs(id);
		return reply.content;
	}

	/** Begins a cell and gives the id of its message. */
	begin(code: string, more: Content = {}, metadata: Content = {}): string {
		return this.send(
			"shell",
			"execute_request",
			{ code, ...more },
			{ metadata },
		);
	}

	/** Waits for the end of a cell. */
	async end(id: string): Promise<Outcome> {
		const { content: reply } = await this.reply(id);
		const outputs = await this.outputs(id);
		return outcomeOf(reply, outputs);
	}

	/** Runs a cell. */
	run(
		code: string,
		more: Content = {},
		metadata: Content = {},
	): Promise<Outcome> {
		return this.end(this.begin(code, more, metadata));
	}

	/** Sends some bytes to the heartbeat and gives what comes back. */
	async beat(text: string): Promise<string> {
		await this.#sockets.heartbeat.send(text);
		const [frame] = await this.#sockets.heartbeat.receive();
		return frame.toString();
	}

	/** Resolves with the exit code, or the name of the signal, when the process has ended. */
	ended(): Promise<number | string> {
		const { process } = this;
		const now = process.exitCode ?? process.signalCode;
		if (now !== null) return Promise.resolve(now);
		return new Promise((done) => {
			process.on("exit", (code, signal) => done(code ?? signal ?? ""));
		});
	}

	/** Ends the kernel and forgets it. */
	async stop(): Promise<void> {
		this.process.kill("SIGKILL");
		await this.ended();
		for (const socket of Object.values(this.#sockets)) socket.close();
	}
}
