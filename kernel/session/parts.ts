import type { Executor } from "../cells/run/executor.ts";
import type { Guard } from "../guard.ts";
import type { Displays } from "../output/display.ts";
import type { Link } from "../output/messenger.ts";
import type { Streams } from "../output/streams.ts";
import type { Comms } from "./comms.ts";
import type { History } from "./history.ts";

/** The parts of a session. */
export interface Parts {
	guard: Guard;
	link: Link;
	streams: Streams;
	displays: Displays;
	executor: Executor;
	history: History;
	comms: Comms;
}
