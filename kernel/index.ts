/** What a cell may ask of the kernel that runs it. */

/** How the running kernel shows things; set by the kernel, absent elsewhere. */
export interface Host {
	display(value: unknown, options: DisplayOptions): void | Promise<void>;
}

export interface DisplayOptions {
	/** A display with the same id takes the place of the one before, where that one stands. */
	id?: string;
	/** Metadata by MIME type, for front ends that read it. */
	metadata?: Record<string, unknown>;
}

/** Where the kernel leaves itself for the cells: one for the whole process, however often this package is installed. */
export const HOST = Symbol.for("unrolled.kernel.host");

/**
 * Shows a value below the cell.
 *
 * A value shows itself through its `[Symbol.for("Jupyter.display")]()` method, an object whose keys are all MIME types is
 * shown as it is, anything else as text. With an `id`, the next display of the same id replaces this one in place; that
 * works in the middle of a busy loop. Gives a promise when the value's own method gives one.
 * @throws Error outside of a notebook.
 */
export function display(
	value: unknown,
	options: DisplayOptions = {},
): void | Promise<void> {
	const host = (globalThis as { [HOST]?: Host })[HOST];
	if (!host)
		throw new Error(
			"display: there is no notebook here; run this in a cell of the unrolled kernel",
		);
	return host.display(value, options);
}
