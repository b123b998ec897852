import type { StreamName } from "./captured.ts";

/** A text that a cell printed to one of its streams. */
export interface Piece {
	name: StreamName;
	text: string;
}

/** How many characters a page shows of a cell at once, and how many more each second. A few megabytes stop it for minutes. */
const AT_ONCE = 250_000;
const PER_SECOND = 10_000;
/** What a message costs beside its characters: a page renders each. */
const MESSAGE = 500;
/** How much of the newest text is shown after a gap, and how long (ms) after it began. */
const NEWEST = 10_000;
const PAUSE = 1000;

const cost = ({ text }: Piece): number => MESSAGE + text.length;

const gap = (characters: number): string =>
	`\n… ${characters.toLocaleString("en")} characters are left out here, so that the page stays quick; process.env.UNROLLED_PRINTS = "all" in a cell shows all …\n`;

/**
 * What a page shows of the prints of one cell: all, unless they come faster than it can show them. Then of each second the newest,
 * behind a line that says how much is missing.
 */
export class Allowance {
	#left = AT_ONCE;
	#at = performance.now();
	/** The newest text of the gap. */
	#kept: Piece[] = [];
	#omitted = 0;
	/** When the gap began. */
	#since = 0;

	/** Whether there is text that waits for {@link rest}. */
	get isShort(): boolean {
		return this.#kept.length > 0;
	}

	/** What is to be shown now, when a piece is printed. */
	take(piece: Piece): Piece[] {
		const now = performance.now();
		const more = ((now - this.#at) / 1000) * PER_SECOND;
		this.#left = Math.min(AT_ONCE, this.#left + more);
		this.#at = now;
		if (this.isShort) {
			this.#keep(piece);
			return now - this.#since > PAUSE ? this.rest() : [];
		}
		if (process.env.UNROLLED_PRINTS === "all") return [piece];
		const { name, text } = piece;
		const fits = Math.max(0, Math.floor(this.#left) - MESSAGE);
		const shown = { name, text: startOf(text, fits) };
		const rest = text.slice(shown.text.length);
		if (shown.text) this.#left -= cost(shown);
		if (!rest) return [shown];
		this.#since = now;
		this.#keep({ name, text: rest });
		return shown.text ? [shown] : [];
	}

	/** Ends the gap: gives the newest text, behind the line that says how much is missing. */
	rest(): Piece[] {
		const pieces = this.#kept;
		const [first] = pieces;
		if (first && this.#omitted) first.text = gap(this.#omitted) + first.text;
		for (const piece of pieces) this.#left -= cost(piece);
		this.#kept = [];
		this.#omitted = 0;
		return pieces;
	}

	/** Adds a piece to the gap, of which the newest text is kept. */
	#keep({ name, text }: Piece): void {
		const last = this.#kept.at(-1);
		if (last?.name === name) last.text += text;
		else this.#kept.push({ name, text });
		let over = this.#kept.reduce((sum, each) => sum + cost(each), -NEWEST);
		while (over > 0 && this.#kept.length > 1) {
			const [oldest] = this.#kept.splice(0, 1);
			this.#omitted += oldest.text.length;
			over -= cost(oldest);
		}
		const [oldest] = this.#kept;
		if (over <= 0) return;
		const left = endOf(oldest.text, Math.max(0, oldest.text.length - over));
		this.#omitted += oldest.text.length - left.length;
		oldest.text = left;
	}
}

/** The first characters of a text, whole lines if there are any. */
function startOf(text: string, length: number): string {
	if (text.length <= length) return text;
	const lines = text.slice(0, length).lastIndexOf("\n") + 1;
	return text.slice(0, lines || length);
}

/** The last characters of a text, whole lines if there are any. */
function endOf(text: string, length: number): string {
	const last = text.slice(text.length - length);
	const line = last.indexOf("\n") + 1;
	return last.slice(line < last.length ? line : 0);
}
