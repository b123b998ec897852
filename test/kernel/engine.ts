/** Cells straight on what runs them, without sockets: many a second. */

import { CompileError } from "../../kernel/cells/compile/compiler.ts";
import { Executor } from "../../kernel/cells/run/executor.ts";
import type { Guard } from "../../kernel/guard.ts";
import { LEFT } from "../../kernel/life/begun.ts";
import { newCell } from "../../kernel/life/cell.ts";
import type { Message } from "../../kernel/protocol/messages.ts";
import { givenPackages } from "../../kernel/session/given-packages.ts";

/** What a cell ended with. */
export interface Ended {
	/** The value of its last expression. */
	value?: unknown;
	/** `Name: message` of what it threw, or the first thing that the compiler says. */
	error?: string;
}

// As in the kernel: what an interrupt throws where nobody waits for it is no error. Vitest would report it.
const listeners = process.listeners("uncaughtException");
process.removeAllListeners("uncaughtException");
process.on("uncaughtException", (error, origin) => {
	if (error !== LEFT) for (const each of listeners) each(error, origin);
});

const unguarded = {
	hold() {},
	release() {},
	shield: <T>(work: () => T) => work(),
} as Guard;

const request = { ids: [], header: {}, content: {} } as unknown as Message;

/** The cells of one notebook at a time: a new engine begins with no names. */
export class Engine {
	readonly executor = new Executor(process.cwd(), unguarded, givenPackages);
	#count = 0;

	async run(code: string): Promise<Ended> {
		const about = { count: ++this.#count, silent: false, identity: code };
		const cell = newCell(request, about);
		try {
			return { value: await this.executor.run(code, cell, (value) => value) };
		} catch (error) {
			return { error: textOf(error) };
		}
	}
}

function textOf(error: unknown): string {
	if (!(error instanceof CompileError)) return String(error);
	const [{ messageText }] = error.diagnostics;
	return typeof messageText === "string"
		? messageText
		: messageText.messageText;
}
