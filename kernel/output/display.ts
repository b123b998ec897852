import {
	type WriteDisplay,
	writeDisplaysOfTslab,
} from "../cells/compile/tslab.ts";
import type { DisplayOptions } from "../host.ts";
import { type Cell, currentCell } from "../life/cell.ts";
import { metadataOf } from "./images.ts";
import type { Link } from "./messenger.ts";
import type { Streams } from "./streams.ts";
import { type Bundle, shown } from "./values.ts";

/** The displays of cells, by this kernel's `display` or by tslab's. */
export class Displays {
	readonly #link: Link;
	readonly #streams: Streams;
	/** For each display id the cell and the execution in which it was last shown. */
	readonly #ids = new Map<string, { identity: string; execution: string }>();

	constructor(link: Link, streams: Streams) {
		this.#link = link;
		this.#streams = streams;
		const write: WriteDisplay = ({ data, metadata, transient }, update) => {
			const type = update ? "update_display_data" : "display_data";
			const id = transient.display_id;
			this.#publish(
				type,
				data,
				metadata,
				id === undefined ? {} : { display_id: id },
			);
		};
		writeDisplaysOfTslab(write);
	}

	display(
		value: unknown,
		{ id, metadata = {}, stopped }: DisplayOptions,
	): void | Promise<void> {
		const show = (bundle: Bundle) =>
			id === undefined
				? this.#publish("display_data", bundle, metadata, {})
				: this.#publish(this.#typeFor(id), bundle, metadata, {
						display_id: id,
					});
		if (id !== undefined) {
			const { drafts } = currentCell() ?? {};
			if (stopped === undefined) drafts?.delete(id);
			else drafts?.set(id, stopped);
		}
		const bundle = shown(value);
		if (!(bundle instanceof Promise)) return show(bundle);
		const made = bundle.then(show);
		const { making } = currentCell() ?? {};
		making?.add(made);
		const forget = () => making?.delete(made);
		made.then(forget, forget);
		return made;
	}

	/** Replaces drafts by their final forms, as far as these can be made. Called in a task of the cell. */
	async endDrafts({ drafts }: Cell): Promise<void> {
		for (const [id, final] of drafts)
			try {
				await this.display(final, { id });
			} catch {
				// the draft stays
			}
	}

	/** Removes what the cell has shown; with `wait` when the next output comes. */
	clear(wait: boolean): void {
		const cell = currentCell();
		if (!cell || cell.silent) return;
		this.#streams.flush();
		this.#link.publish("clear_output", { wait }, cell.request.header);
	}

	/** A known id is updated in place, unless its cell is run again: then its old display no longer exists. */
	#typeFor(id: string): string {
		const cell = currentCell();
		const before = this.#ids.get(id);
		const execution = cell?.request.header.msg_id ?? "";
		if (
			before &&
			(before.identity !== cell?.identity || before.execution === execution)
		)
			return "update_display_data";
		this.#ids.set(id, { identity: cell?.identity ?? "", execution });
		return "display_data";
	}

	#publish(
		type: string,
		data: Bundle,
		metadata: object,
		transient: object,
	): void {
		const cell = currentCell();
		if (!cell || cell.silent) return;
		this.#streams.flush();
		this.#link.publish(
			type,
			{ data, metadata: { ...metadataOf(data), ...metadata }, transient },
			cell.request.header,
		);
	}
}
