/**
 * The thread of the sockets: ZeroMQ, the heartbeat, the control channel, the signatures and the watch over the
 * parent process. They work while a cell keeps the main thread busy. It knows nothing of TypeScript.
 */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { Reply, Router, XPublisher } from "zeromq";
import { kernelInfo } from "../info.ts";
import { log } from "../log.ts";
import type { Message, Outgoing } from "../protocol/messages.ts";
import {
	type Channel,
	Shared,
	type Start,
	type ToCells,
	type ToSockets,
} from "../protocol/threads.ts";
import { Interrupter } from "./interrupt.ts";
import { watchMemory } from "./memory.ts";
import { Outbox } from "./outbox.ts";
import { watchParent } from "./parent.ts";
import { Subshells, unknown } from "./subshells.ts";
import { decode, encode } from "./wire.ts";

const { connection, shared, heapLimit, orders, input } = workerData as Start;
const cells = parentPort as MessagePort;
const memory = new Int32Array(shared);
const signing = { key: connection.key, scheme: connection.signature_scheme };

// No high-water mark: the thread of the cells limits how many bytes wait, by `Shared.unsent`.
const options = { sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 1000 };
const sockets = {
	shell: new Router(options),
	iopub: new XPublisher(options),
	stdin: new Router(options),
	control: new Router(options),
};
const heartbeat = new Reply();
const outboxes: Record<Channel, Outbox> = {
	shell: new Outbox(sockets.shell),
	iopub: new Outbox(sockets.iopub),
	stdin: new Outbox(sockets.stdin),
	control: new Outbox(sockets.control),
};

function send(channel: Channel, message: Outgoing): Promise<void> {
	const sent = outboxes[channel].send(encode(signing, message));
	if (message.type === "status") stayBusy(message);
	return sent;
}
const publish = (
	type: string,
	content: unknown,
	parent: Message | null,
	ids = [type as Uint8Array | string],
) =>
	send("iopub", {
		ids,
		type,
		parent: parent?.header ?? null,
		content: JSON.stringify(content),
	});

const BUSY = JSON.stringify({ execution_state: "busy" });
/** The header of the request whose cell runs in the main shell. */
let running: Message["header"] | undefined;
/** While a cell runs, sends busy again after the idle status of any other request: front ends show the last status. */
function stayBusy({ parent, content, ids }: Outgoing): void {
	const busy = content === BUSY;
	if (parent?.msg_type === "execute_request" && !parent.subshell_id)
		running = busy ? parent : undefined;
	else if (!busy && running)
		send("iopub", { ids, type: "status", parent: running, content: BUSY });
}
const ring = () => cells.postMessage(null);
function tellCells(message: ToCells): void {
	orders.postMessage(message);
	ring();
}
const interrupter = new Interrupter(memory, tellCells, ring);

const subshells = new Subshells();

/** How long (ms) the first cell waits for somebody who listens to IOPub. */
const PATIENCE = 1000;
const listener = Promise.withResolvers<void>();
let patience: NodeJS.Timeout | undefined;
/**
 * Waits until somebody listens to IOPub. A front end connects all its sockets at once, and on a busy machine its first cell may be
 * here before its subscription: the idle status of that cell would be lost, for which `jupyter console` waits for ever.
 */
function untilHeard(): Promise<void> {
	patience ??= setTimeout(listener.resolve, PATIENCE);
	return listener.promise;
}

/** How many requests the cells have not finished. While there are none, this thread answers kernel_info for them. */
let pending = 0;

async function answer(
	channel: Channel,
	message: Message,
	content: object,
): Promise<void> {
	const type = message.header.msg_type.replace(/_request$/, "_reply");
	await send(channel, {
		ids: message.ids,
		type,
		parent: message.header,
		content: JSON.stringify(content),
	});
}

async function onShell(message: Message): Promise<void> {
	const { msg_type, subshell_id } = message.header;
	if (!subshells.has(message)) return refuse(message);
	// what is asked in a subshell need not wait for the cells
	if (msg_type === "kernel_info_request" && (pending === 0 || subshell_id))
		return onControl("shell", message);
	await untilHeard();
	pending++;
	tellCells({ kind: "request", message });
}

/** Answers a request for a subshell that has been deleted, or never was. */
async function refuse(message: Message): Promise<void> {
	publish("status", { execution_state: "busy" }, message);
	if (message.header.msg_type.endsWith("_request"))
		await answer("shell", message, unknown(message.header.subshell_id));
	publish("status", { execution_state: "idle" }, message);
}

/** The handlers of the control channel, by message type. Each returns the content of the reply, whose status is ok unless it says another. */
const HANDLERS: Record<string, (content: Message["content"]) => object> = {
	kernel_info_request: kernelInfo,
	interrupt_request() {
		interrupter.interrupt();
		return {};
	},
	create_subshell_request: () => subshells.create(),
	delete_subshell_request: ({ subshell_id }) => subshells.delete(subshell_id),
	list_subshell_request: () => subshells.list(),
};

async function onControl(channel: Channel, message: Message): Promise<void> {
	const type = message.header.msg_type;
	publish("status", { execution_state: "busy" }, message);
	if (type === "shutdown_request") return shutDown(channel, message);
	const handler = Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
	if (handler)
		await answer(channel, message, {
			status: "ok",
			...handler(message.content),
		});
	else log(`no answer to ${type} on the ${channel} channel`);
	publish("status", { execution_state: "idle" }, message);
}

/** Replies on both channels, asks the thread of the cells to end the process, and ends it after a second. */
async function shutDown(channel: Channel, message: Message): Promise<void> {
	const restart = message.content.restart === true;
	const content = { status: "ok", restart };
	await answer(channel, message, content);
	publish("shutdown_reply", content, message);
	await publish("status", { execution_state: "idle" }, message);
	tellCells({ kind: "shutdown" });
	setTimeout(() => process.kill(process.pid, "SIGKILL"), 1000);
}

/** Sends the queued messages and ends this thread: exiting while ZeroMQ works would abort the process. */
async function close(status = 0): Promise<never> {
	await Promise.all(Object.values(outboxes).map((outbox) => outbox.sent));
	for (const socket of [...Object.values(sockets), heartbeat]) socket.close();
	process.exit(status);
}

async function listen(
	socket: AsyncIterable<Buffer[]>,
	act: (message: Message) => Promise<void>,
): Promise<void> {
	for await (const frames of socket) {
		try {
			const message = decode(signing, frames);
			announceStart();
			await act(message);
		} catch (error) {
			log(`ignored: ${error instanceof Error ? error.message : error}`);
		}
	}
}

let announced = false;
/**
 * Says that the kernel starts: to the first who listens, or else before the first answer. ZeroMQ loses what is published before somebody
 * listens, and front ends connect when the sockets are there.
 */
function announceStart(): void {
	if (announced) return;
	announced = true;
	publish("status", { execution_state: "starting" }, null);
}

async function welcomeSubscribers(): Promise<void> {
	for await (const [frame] of sockets.iopub) {
		const topic = frame.subarray(1);
		if (frame[0] !== 1) continue;
		listener.resolve();
		publish("iopub_welcome", { subscription: topic.toString() }, null, [topic]);
		announceStart();
	}
}

async function beat(): Promise<void> {
	for await (const frames of heartbeat) await heartbeat.send(frames);
}

cells.on("message", (order: ToSockets) => {
	if (order.kind === "send") {
		const size = order.message.content.length;
		send(order.channel, order.message).then(() => {
			Atomics.sub(memory, Shared.unsent, size);
			Atomics.notify(memory, Shared.unsent);
		});
	} else if (order.kind === "done") {
		pending--;
	} else if (order.kind === "wait") {
		interrupter.waitsBeside(order.others);
	} else if (order.kind === "close") {
		close();
	}
});

/** Listens at a port, and says whether it could. */
async function listenAt(
	socket: Router | XPublisher | Reply,
	port: number,
): Promise<boolean> {
	const between = connection.transport === "ipc" ? "-" : ":";
	const address = `${connection.transport}://${connection.ip}${between}${port}`;
	try {
		await socket.bind(address);
		return true;
	} catch (error) {
		log(`cannot listen at ${address}: ${(error as Error).message}`);
		return false;
	}
}
const listening = await Promise.all([
	listenAt(sockets.shell, connection.shell_port),
	listenAt(sockets.iopub, connection.iopub_port),
	listenAt(sockets.stdin, connection.stdin_port),
	listenAt(sockets.control, connection.control_port),
	listenAt(heartbeat, connection.hb_port),
]);
if (!listening.every(Boolean)) await close(1); // Jupyter tries again with other ports
watchParent();
watchMemory(heapLimit, (used) => {
	const gigabytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
	interrupter.interrupt(
		`${gigabytes(used)} of ${gigabytes(heapLimit)} GB are in use: release large values, or restart the kernel`,
	);
});
beat();
welcomeSubscribers();
listen(sockets.shell, onShell);
listen(sockets.control, (message) => onControl("control", message));
listen(sockets.stdin, async ({ header, content }) => {
	if (header.msg_type !== "input_reply") return;
	input.postMessage(String(content.value ?? ""));
	Atomics.add(memory, Shared.answers, 1);
	Atomics.notify(memory, Shared.answers);
});
