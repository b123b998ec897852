import { kernelInfo } from "../info.ts";
import { cellOfContext, newCell } from "../life/cell.ts";
import { log } from "../log.ts";
import { describe } from "../output/errors.ts";
import type { Message } from "../protocol/messages.ts";
import { complete, inspect } from "./introspect.ts";
import type { Parts } from "./parts.ts";

/** The content of a reply, in which the status is ok unless it says another; nothing where the protocol has no reply. */
type Answer = Record<string, unknown> | undefined;
type Handler = (message: Message, parts: Parts) => Answer | Promise<Answer>;

/** The handlers of the shell channel, by message type; `execute_request` alone has a queue, see session.ts. */
const HANDLERS: Record<string, Handler> = {
	kernel_info_request: () => kernelInfo(),
	is_complete_request: ({ content }, { executor }) =>
		executor.compiler.isComplete(String(content.code)),
	complete_request: (message, parts) =>
		interruptible(message, parts, () =>
			complete(parts.executor, message.content),
		),
	inspect_request: (message, parts) =>
		interruptible(message, parts, () =>
			inspect(parts.executor.compiler, message.content),
		),
	comm_info_request: ({ content }, { comms }) =>
		comms.info(content.target_name),
	history_request: ({ content }, { history }) => history.answer(content),
	comm_open: runComm,
	comm_msg: runComm,
	comm_close: runComm,
};

/** Answers a message of the shell channel other than `execute_request`. */
export function answerTo(
	message: Message,
	parts: Parts,
): Answer | Promise<Answer> {
	const type = message.header.msg_type;
	const handler = Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
	if (!handler) log(`no answer to ${type}`);
	return handler?.(message, parts);
}

/** The `Cell` that stands for such a message; displays of one comm replace each other. */
const cellFor = (message: Message) =>
	newCell(message, {
		count: 0,
		silent: false,
		identity: `comm ${message.content.comm_id}`,
	});

/** Runs a query of the compiler so that an interrupt may end it: some types take minutes. */
function interruptible(
	message: Message,
	{ executor }: Parts,
	ask: () => Answer,
): Promise<Answer> {
	return executor.apart(cellFor(message), ask);
}

/** Runs the handler of a comm. What it prints and shows goes where the front end expects it: to the comm's message. */
async function runComm(
	message: Message,
	{ comms, executor }: Parts,
): Promise<undefined> {
	const cell = cellFor(message);
	try {
		await executor.apart(cell, async () => {
			await comms.receive(message);
			while (cell.making.size) await Promise.all(cell.making);
		});
	} catch (error) {
		const { traceback } = describe(error, executor.positions);
		cellOfContext.run(cell, () =>
			process.stderr.write(`${traceback.join("\n")}\n`),
		);
	}
}
