import { AsyncLocalStorage } from "node:async_hooks";
import type { Header, Message } from "../protocol/messages.ts";
import { Life } from "./life.ts";

/** The request that a cell, or the handler of a comm, answers. */
export interface Request {
	ids: Uint8Array[];
	header: Header;
	/** Whether its front end can ask the reader something. */
	allowsInput: boolean;
	/** Whether a page shows it, which can hold less than the file that a program writes. */
	isOfPage: boolean;
}

/** One execution of a cell: where its outputs belong, however late they come. */
export interface Cell {
	request: Request;
	/** The number in its brackets. */
	count: number;
	/** Shows nothing. */
	silent: boolean;
	/** The same for every execution of one cell of a notebook: its id, or its code where the front end sends no id. */
	identity: string;
	/** Displays that are still being made. */
	making: Set<Promise<unknown>>;
	/** The final forms of drafts, by display id, for when the cell fails or is interrupted. */
	drafts: Map<string, unknown>;
	/** What the front end is asked to do when the cell has ended. */
	payload: Record<string, unknown>[];
	/** What it waits for, and whether it was stopped. */
	life: Life;
	/** Ends the cell with an error that came from outside its own promise: a timer, a promise that nobody awaits. */
	fail: ((error: unknown) => void) | undefined;
}

/** A cell for a request. Outputs of a comm's handler, or of a request made while typing, belong to no cell. */
export function newCell(
	{ ids, header, content, metadata }: Message,
	about: Pick<Cell, "count" | "silent" | "identity">,
): Cell {
	const allowsInput = content.allow_stdin === true;
	// pages say which of their cells they run, and they alone open comms
	const isOfPage =
		header.msg_type !== "execute_request" ||
		typeof metadata.cellId === "string";
	return {
		...about,
		request: { ids, header, allowsInput, isOfPage },
		making: new Set(),
		drafts: new Map(),
		payload: [],
		life: new Life(),
		fail: undefined,
	};
}

/** The cell that the code now running belongs to: timers and promises remember theirs. */
export const cellOfContext = new AsyncLocalStorage<Cell>();

let latest: Cell | undefined;

/** Sets the cell that gets the output of code which belongs to no cell. */
export function setLatest(cell: Cell): void {
	latest = cell;
}

/** The cell that output now belongs to: the one whose code runs, or else the latest. */
export const currentCell = (): Cell | undefined =>
	cellOfContext.getStore() ?? latest;
