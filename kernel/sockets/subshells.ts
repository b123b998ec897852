import { randomUUID } from "node:crypto";
import type { Message } from "../protocol/messages.ts";

type Content = Record<string, unknown>;

/** The subshells of a kernel (JEP 91): requests that name one do not wait for those of the main shell. */
export class Subshells {
	readonly #ids = new Set<string>();

	/** Whether a request is for the main shell or for a subshell that exists. */
	has({ header }: Message): boolean {
		const { subshell_id: id } = header;
		return id === undefined || id === null || this.#ids.has(id);
	}

	/** The content of the reply to `create_subshell_request`. */
	create(): Content {
		const subshell_id = randomUUID();
		this.#ids.add(subshell_id);
		return { subshell_id };
	}

	/** The content of the reply to `delete_subshell_request`. */
	delete(id: unknown): Content {
		return this.#ids.delete(String(id)) ? {} : unknown(id);
	}

	/** The content of the reply to `list_subshell_request`. */
	list(): Content {
		return { subshell_id: [...this.#ids] };
	}
}

/** The content of a reply about a subshell that does not exist. */
export const unknown = (id: unknown): Content => ({
	status: "error",
	ename: "UnknownSubshell",
	evalue: `there is no subshell ${id}; list_subshell_request lists the subshells`,
	traceback: [],
});
