import { AsyncLocalStorage } from "node:async_hooks";
import type { Header } from "../sockets/wire.ts";

/** One execution of a cell: where its outputs belong, however late they come. */
export interface Cell {
	/** The request that it answers. */
	header: Header;
	/** The number in its brackets. */
	count: number;
	/** Shows nothing. */
	silent: boolean;
	/** The same for every execution of one cell of a notebook: its id, or its code where the front end sends no id. */
	place: string;
	/** Displays that are still being made. */
	making: Set<Promise<unknown>>;
	/** Ends the cell with an error that came from outside its own promise: a timer, a promise that nobody awaits. */
	fail: ((error: unknown) => void) | undefined;
}

/** The cell that the code now running belongs to: timers and promises remember theirs. */
export const cellOfContext = new AsyncLocalStorage<Cell>();
