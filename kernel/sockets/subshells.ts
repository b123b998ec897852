import { randomUUID } from "node:crypto";
import type { Message } from "./wire.ts";

/** The subshells of a kernel (JEP 91): names under which requests do not wait for those of the main shell. */
export class Subshells {
	readonly #ids = new Set<string>();

	/** Whether a request is for the main shell or for a subshell that there is. */
	has({ header }: Message): boolean {
		const { subshell_id: id } = header;
		return id === undefined || id === null || this.#ids.has(id);
	}

	/** The reply to a request on the control channel that is about subshells; undefined for others. */
	answer({ header, content }: Message): Record<string, unknown> | undefined {
		switch (header.msg_type) {
			case "create_subshell_request": {
				const subshell_id = randomUUID();
				this.#ids.add(subshell_id);
				return { status: "ok", subshell_id };
			}
			case "delete_subshell_request":
				return this.#ids.delete(String(content.subshell_id))
					? { status: "ok" }
					: unknown(content.subshell_id);
			case "list_subshell_request":
				return { status: "ok", subshell_id: [...this.#ids] };
		}
		return undefined;
	}
}

/** The content of a reply about a subshell that there is not. */
export const unknown = (id: unknown): Record<string, unknown> => ({
	status: "error",
	ename: "UnknownSubshell",
	evalue: `there is no subshell ${id}; list_subshell_request gives those that there are`,
	traceback: [],
});
