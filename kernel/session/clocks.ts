import type { Message } from "../protocol/messages.ts";

/**
 * When messages were sent, by this machine's clock. The clock of a front end may be wrong by a constant, which is
 * estimated as the least difference between arrival and date of its messages.
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
