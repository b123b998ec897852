/** What the running kernel offers to the package that cells import. */
export interface Host {
	display(value: unknown, options: DisplayOptions): void | Promise<void>;
	clearOutput(wait: boolean): void;
	page(text: string): void;
	input(prompt: string, password: boolean): string;
	openComm(target: string, content: CommContent): Comm;
	registerTarget(target: string, opened: CommTarget): void;
}

export interface DisplayOptions {
	/** A display with the same id replaces the one before, in place. */
	id?: string;
	/** Metadata by MIME type, for front ends that read it. */
	metadata?: Record<string, unknown>;
	/**
	 * The final form of a draft, which replaces it when the cell fails or is interrupted before it displays the same id again.
	 */
	stopped?: unknown;
}

/** What goes over a comm: data that JSON can hold, and binary buffers beside it. */
export interface CommContent {
	data?: Record<string, unknown>;
	metadata?: Record<string, unknown>;
	buffers?: Uint8Array[];
}

/** An open comm between a cell and something in the page, such as a widget. */
export interface Comm {
	readonly id: string;
	readonly target: string;
	/** Sends to the other end. */
	send(content: CommContent): void;
	/** Closes both ends. */
	close(content?: CommContent): void;
	/** Called with what the other end sends. */
	onMessage: ((content: Required<CommContent>) => void) | undefined;
	/** Called when the other end closes. */
	onClose: ((content: Required<CommContent>) => void) | undefined;
}

/** Handles a comm that the page has opened; gets the data of the opening message. */
export type CommTarget = (
	comm: Comm,
	content: Required<CommContent>,
) => void | Promise<void>;

/** The method by which a value shows itself: it returns a MIME bundle, or a promise of one. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** Where cells find the kernel: one for the process, however often this package is installed. */
const HOST = Symbol.for("unrolled.kernel.host");
const slot = globalThis as { [HOST]?: Host };

/** Makes a kernel the one that cells talk to. */
export function setHost(host: Host): void {
	slot[HOST] = host;
}

/** The kernel that runs the cell. @throws Error outside of a notebook. */
export function host(wanted: string): Host {
	const found = slot[HOST];
	if (found) return found;
	throw new Error(
		`${wanted}: there is no notebook here; run this in a cell of the unrolled kernel`,
	);
}
