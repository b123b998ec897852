import { CompileError } from "../cells/compile/compiler.ts";
import type { Executor } from "../cells/run/executor.ts";
import { type Cell, newCell, setLatest } from "../life/cell.ts";
import { Life } from "../life/life.ts";
import { describeDiagnostics } from "../output/diagnostics.ts";
import { describe, type ErrorContent } from "../output/errors.ts";
import { endGroups } from "../output/groups.ts";
import { metadataOf } from "../output/images.ts";
import { toJson } from "../output/messenger.ts";
import { bundleOf } from "../output/values.ts";
import type { Message } from "../protocol/messages.ts";
import { attempt } from "../safely.ts";
import { beginWork, endWork } from "../termination.ts";
import type { Parts } from "./parts.ts";

/** How a cell ended: with the value that it shows, if any, as the content of an `execute_result`; or with an error. */
type Outcome =
	| { ok: true; result: string | undefined }
	| { ok: false; error: ErrorContent };

interface Result {
	data: Record<string, unknown>;
}

/** A request that has been run. */
interface Executed {
	/** Whether the requests that wait behind it are aborted. */
	abort: boolean;
	/** Whether the reader interrupted it. */
	stopped: boolean;
	/** Answers it, and adds it to the history. */
	answer: () => void;
}

/** What was thrown, where reading it was interrupted. */
const UNREADABLE: ErrorContent = {
	ename: "Error",
	evalue: "What was thrown could not be read",
	traceback: ["Error: What was thrown could not be read"],
};

const dataOf = (result: string | undefined): Result["data"] | undefined =>
	result === undefined ? undefined : (JSON.parse(result) as Result).data;

/** The text of the value that a cell showed. */
function textOf(outcome: Outcome): string | undefined {
	const text = outcome.ok ? dataOf(outcome.result)?.["text/plain"] : undefined;
	return text === undefined ? undefined : String(text);
}

/** Describes the error that ended a cell. */
export function describeFailure(
	thrown: unknown,
	executor: Executor,
	count: number,
): ErrorContent {
	const refused = attempt(
		() => thrown instanceof CompileError && thrown,
		false,
	);
	if (refused) return describeDiagnostics(refused, count);
	return describe(thrown, executor.positions);
}

/** Runs `execute_request`s. */
export class Execution {
	readonly #parts: Parts;
	#count = 0;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** Runs one request. */
	async execute(message: Message): Promise<Executed> {
		const { link, streams, history } = this.#parts;
		const { content, header } = message;
		const code = String(content.code ?? "");
		const cell = this.#cellOf(message, code);
		setLatest(cell);
		const execution_count = cell.count;
		const show = (type: string, content: object | string) => {
			streams.flush();
			if (!cell.silent) link.publish(type, content, header);
		};
		show("execute_input", { code, execution_count });
		beginWork();
		const outcome = await this.#run(code, cell);
		endWork();
		endGroups();
		const answer = (reply: Record<string, unknown>) => {
			link.reply(message, reply);
			if (cell.silent || content.store_history === false) return;
			history.add(execution_count, code, textOf(outcome));
		};
		if (!outcome.ok) {
			const { error } = outcome;
			show("error", error);
			if (cell.drafts.size > 0) await this.#endDrafts(cell);
			const reply = { status: "error", execution_count, ...error };
			return {
				abort: content.stop_on_error !== false,
				stopped: error.ename === "Interrupted",
				answer: () => answer(reply),
			};
		}
		if (outcome.result) show("execute_result", outcome.result);
		const user_expressions = await this.#evaluate(
			content.user_expressions,
			cell,
		);
		streams.flush();
		const { payload } = cell;
		const reply = { status: "ok", execution_count, user_expressions, payload };
		return { abort: false, stopped: false, answer: () => answer(reply) };
	}

	/** Replaces the drafts that a failed cell left by their final forms; an interrupt ends that, too. */
	async #endDrafts(cell: Cell): Promise<void> {
		const { executor, displays } = this.#parts;
		const after = { ...cell, life: new Life() }; // that of the cell may be over
		beginWork();
		await executor.apart(after, () => displays.endDrafts(cell)).catch(() => {});
		endWork();
	}

	/** A cell for a request, with the protocol's own values for what was left out. */
	#cellOf(message: Message, code: string): Cell {
		const { content, metadata } = message;
		const silent = content.silent === true;
		if (!silent && content.store_history !== false) this.#count++;
		const { cellId } = metadata;
		const identity = typeof cellId === "string" ? cellId : code;
		return newCell(message, { count: this.#count, silent, identity });
	}

	/** Runs a cell. Reading its values may throw or loop, so that is done in tasks of the cell's code. */
	async #run(code: string, cell: Cell): Promise<Outcome> {
		const { executor } = this.#parts;
		const { count: execution_count } = cell;
		try {
			const result = await executor.run(code, cell, async (value) => {
				const data = value === undefined ? undefined : await bundleOf(value);
				while (cell.making.size) await Promise.all(cell.making);
				return (
					data && toJson({ execution_count, data, metadata: metadataOf(data) })
				);
			});
			return { ok: true, result };
		} catch (thrown) {
			let error: ErrorContent | undefined;
			const describe = () => {
				error = describeFailure(thrown, executor, execution_count);
			};
			const after = { ...cell, life: new Life() }; // that of the cell may be over
			await executor.apart(after, describe).catch(() => {});
			return { ok: false, error: error ?? UNREADABLE };
		}
	}

	async #evaluate(
		expressions: unknown,
		cell: Cell,
	): Promise<Record<string, unknown>> {
		const answers: Record<string, unknown> = {};
		for (const [name, expression] of Object.entries(expressions ?? {})) {
			const outcome = await this.#run(`(${expression})`, {
				...cell,
				silent: true,
			});
			answers[name] = outcome.ok
				? {
						status: "ok",
						data: dataOf(outcome.result) ?? { "text/plain": "undefined" },
						metadata: {},
					}
				: { status: "error", ...outcome.error };
		}
		return answers;
	}
}
