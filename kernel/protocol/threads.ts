import type { MessagePort } from "node:worker_threads";
import type { Message, Outgoing } from "./messages.ts";

/**
 * What the socket thread tells the thread that runs cells. It comes through a port that is read when the socket thread rings (any
 * message of its own does): an order stays there if the task that was to read it is terminated.
 */
export type ToCells =
	| { kind: "request"; message: Message }
	/** `why` is said when it was not the reader who interrupted. */
	| { kind: "interrupt"; why?: string }
	| { kind: "shutdown" };

/** What the thread that runs cells tells the socket thread. */
export type ToSockets =
	| { kind: "send"; channel: Channel; message: Outgoing }
	/** A request has been dealt with, its idle status included. */
	| { kind: "done" }
	/** The thread is about to wait for a child process; these are those that it does not wait for. */
	| { kind: "wait"; others: number[] }
	/** Sends the queued messages, closes the sockets and ends the thread. */
	| { kind: "close" };

export type Channel = "shell" | "iopub" | "stdin" | "control";

/** What the socket thread is started with. */
export interface Start {
	connection: Connection;
	/** Int32 cells shared by both threads, see {@link Shared}. */
	shared: SharedArrayBuffer;
	/** How many bytes V8 allows the heap of the cells to have. */
	heapLimit: number;
	/** Where the orders ({@link ToCells}) go. */
	orders: MessagePort;
	/** Answers to `input_request` come through here, so that a cell can wait for them without an event loop. */
	input: MessagePort;
}

/** The content of a connection file. */
export interface Connection {
	transport: string;
	ip: string;
	key: string;
	signature_scheme: string;
	shell_port: number;
	iopub_port: number;
	stdin_port: number;
	control_port: number;
	hb_port: number;
}

/** Indices into the shared memory. */
export const Shared = {
	/** What the thread of the cells is doing: one of {@link Doing}. */
	doing: 0,
	/** Bytes handed to the socket thread and not yet sent. */
	unsent: 1,
	/** Counts the answers that came in over stdin. */
	answers: 2,
	/** Counts the interrupts that the thread of the cells has read. */
	heard: 3,
	/** Counts those after which the reader's code has come to its end. */
	obeyed: 4,
	/** 1 while the thread of the cells waits for a child process, as in `execSync`. */
	waiting: 5,
	/** How many there are. */
	size: 6,
} as const;

/** What the thread of the cells is doing: it decides whether an interrupt may end it. */
export const Doing = {
	/** Nothing, or the reader's code. */
	open: 0,
	/** The kernel's own work, which ends by itself and must not be cut short. */
	kernel: 1,
	/** The inspector is about to terminate the current task, or the next one. */
	terminating: 2,
} as const;
