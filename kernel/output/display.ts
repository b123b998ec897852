import { type Cell, cellOfContext } from "../cells/cell.ts";
import { type WriteDisplay, writeDisplaysOfTslab } from "../cells/tslab.ts";
import { type DisplayOptions, HOST, type Host } from "../index.ts";
import type { Link } from "./link.ts";
import type { Streams } from "./streams.ts";
import { type Bundle, shown } from "./values.ts";

/** What cells show by `display`, whether through this kernel's package or through tslab's. */
export class Displays implements Host {
	readonly #link: Link;
	readonly #streams: Streams;
	/** Where each id was last shown: in which cell, and in which execution of it. */
	readonly #ids = new Map<string, { place: string; execution: string }>();
	#cell: Cell | undefined;

	constructor(link: Link, streams: Streams) {
		this.#link = link;
		this.#streams = streams;
		(globalThis as { [HOST]?: Host })[HOST] = this;
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

	/** Displays of code that belongs to no cell go to this one. */
	set cell(cell: Cell) {
		this.#cell = cell;
	}

	display(
		value: unknown,
		{ id, metadata = {} }: DisplayOptions,
	): void | Promise<void> {
		const show = (bundle: Bundle) =>
			id === undefined
				? this.#publish("display_data", bundle, metadata, {})
				: this.#publish(this.#typeFor(id), bundle, metadata, {
						display_id: id,
					});
		const bundle = shown(value);
		if (!(bundle instanceof Promise)) return show(bundle);
		const made = bundle.then(show);
		const { making } = this.#current() ?? {};
		making?.add(made);
		const forget = () => making?.delete(made);
		made.then(forget, forget);
		return made;
	}

	#current(): Cell | undefined {
		return cellOfContext.getStore() ?? this.#cell;
	}

	/** A known id is updated where it stands, unless its cell is run again: then its old display is gone. */
	#typeFor(id: string): string {
		const cell = this.#current();
		const before = this.#ids.get(id);
		const execution = cell?.header.msg_id ?? "";
		if (
			before &&
			(before.place !== cell?.place || before.execution === execution)
		)
			return "update_display_data";
		this.#ids.set(id, { place: cell?.place ?? "", execution });
		return "display_data";
	}

	#publish(
		type: string,
		data: Bundle,
		metadata: object,
		transient: object,
	): void {
		const cell = this.#current();
		if (!cell || cell.silent) return;
		this.#streams.flush();
		this.#link.publish(type, { data, metadata, transient }, cell.header);
	}
}
