import type { Message } from "../protocol/messages.ts";

/**
 * When messages were sent, by this machine's clock. Those of front ends may be wrong, but always by the same; the least time that
 * one of their messages took by both clocks is taken for that.
 */
export class Clocks {
	readonly #least = new Map<string, number>();

	/** Milliseconds since 1970. */
	sent({ header, arrived }: Message): number {
		const date = Date.parse(header.date);
		if (Number.isNaN(date)) return arrived;
		const took = arrived - date;
		const least = Math.min(took, this.#least.get(header.session) ?? took);
		this.#least.set(header.session, least);
		return date + least;
	}
}
