import { type Cell, cellOfContext } from "../cells/cell.ts";
import { CompileError } from "../cells/compiler.ts";
import type { Executor } from "../cells/executor.ts";
import type { Guard } from "../guard.ts";
import { describeDiagnostics } from "../output/diagnostics.ts";
import type { Displays } from "../output/display.ts";
import { describe, type ErrorContent } from "../output/errors.ts";
import type { Link } from "../output/link.ts";
import type { Streams } from "../output/streams.ts";
import { type Bundle, bundleOf } from "../output/values.ts";
import type { Message } from "../sockets/wire.ts";

/** What the parts of a session share. */
export interface Parts {
	guard: Guard;
	link: Link;
	streams: Streams;
	displays: Displays;
	executor: Executor;
}

type Outcome =
	| { ok: true; value: unknown; bundle: Bundle | undefined }
	| { ok: false; error: ErrorContent };

/** An `execute_request`: what came in, with the protocol's own values for what was left out. */
interface Request {
	code: string;
	silent: boolean;
	store_history: boolean;
	stop_on_error: boolean;
	user_expressions: Record<string, string>;
}

function requestOf(content: Record<string, unknown>): Request {
	const silent = content.silent === true;
	const expressions = content.user_expressions;
	return {
		code: String(content.code ?? ""),
		silent,
		store_history: !silent && content.store_history !== false,
		stop_on_error: content.stop_on_error !== false,
		user_expressions:
			typeof expressions === "object"
				? (expressions as Record<string, string>)
				: {},
	};
}

/** Describes what ended a cell. */
export function describeFailure(
	thrown: unknown,
	executor: Executor,
): ErrorContent {
	if (thrown instanceof CompileError) return describeDiagnostics(thrown);
	return describe(thrown, (file) => executor.mapsOf(file));
}

/** Runs `execute_request`s. */
export class Execution {
	readonly #parts: Parts;
	#count = 0;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** The number of the last cell. */
	get count(): number {
		return this.#count;
	}

	/** Runs one request. Tells whether the requests that wait behind it have to be given up, and how to answer it. */
	async execute(
		message: Message,
	): Promise<{ abort: boolean; reply: () => void }> {
		const { link, streams, displays } = this.#parts;
		const request = requestOf(message.content);
		if (request.store_history) this.#count++;
		const cellId = message.metadata.cellId;
		const cell: Cell = {
			header: message.header,
			count: this.#count,
			silent: request.silent,
			place: typeof cellId === "string" ? cellId : request.code,
			making: new Set(),
			fail: undefined,
		};
		streams.cell = cell;
		displays.cell = cell;
		const { header } = message;
		if (!cell.silent)
			link.publish(
				"execute_input",
				{ code: request.code, execution_count: cell.count },
				header,
			);
		const outcome = await this.#run(request.code, cell);
		streams.flush();
		if (!outcome.ok) {
			if (!cell.silent) link.publish("error", outcome.error, header);
			const content = {
				status: "error",
				execution_count: cell.count,
				...outcome.error,
			};
			return {
				abort: request.stop_on_error,
				reply: () => link.reply(message, content),
			};
		}
		if (outcome.bundle && !cell.silent) {
			const content = {
				execution_count: cell.count,
				data: outcome.bundle,
				metadata: {},
			};
			link.publish("execute_result", content, header);
		}
		const user_expressions = await this.#evaluate(
			request.user_expressions,
			cell,
		);
		streams.flush();
		const content = {
			status: "ok",
			execution_count: cell.count,
			user_expressions,
			payload: [],
		};
		return { abort: false, reply: () => link.reply(message, content) };
	}

	async #run(code: string, cell: Cell): Promise<Outcome> {
		const { executor } = this.#parts;
		try {
			const value = await executor.run(code, cell);
			const bundle =
				value === undefined
					? undefined
					: await cellOfContext.run(cell, () => bundleOf(value));
			while (cell.making.size) await Promise.all(cell.making);
			return { ok: true, value, bundle };
		} catch (error) {
			return { ok: false, error: describeFailure(error, executor) };
		}
	}

	async #evaluate(
		expressions: Record<string, string>,
		cell: Cell,
	): Promise<Record<string, unknown>> {
		const answers: Record<string, unknown> = {};
		for (const [name, expression] of Object.entries(expressions)) {
			const outcome = await this.#run(`(${expression})`, {
				...cell,
				silent: true,
			});
			answers[name] = outcome.ok
				? {
						status: "ok",
						data: outcome.bundle ?? { "text/plain": "undefined" },
						metadata: {},
					}
				: { status: "error", ...outcome.error };
		}
		return answers;
	}
}
