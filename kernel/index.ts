/** What a cell may ask of the kernel that runs it: `import { display } from "@unrolled/kernel"`. */
import {
	type Comm,
	type CommContent,
	type CommTarget,
	DISPLAY,
	type DisplayOptions,
	host,
} from "./host.ts";

export type { Comm, CommContent, CommTarget, DisplayOptions } from "./host.ts";

/**
 * Shows a value below the cell.
 *
 * A value shows itself through its `[Symbol.for("Jupyter.display")]()` method, an object whose keys are all MIME types is
 * shown as it is, anything else as text. With an `id`, the next display of the same id replaces this one in place; that
 * works in the middle of a busy loop. Returns a promise when the value's own method returns one.
 * @throws Error outside of a notebook.
 */
export function display(
	value: unknown,
	options: DisplayOptions = {},
): void | Promise<void> {
	return host("display").display(value, options);
}

/** Removes the outputs of the cell; with `wait`, only when the next output comes, so that nothing flickers. */
export function clearOutput({ wait = false } = {}): void {
	host("clearOutput").clearOutput(wait);
}

/** A value with one form, which is shown by `display` or as the last value of a cell. */
export interface Shown {
	[Symbol.toStringTag]: string;
}

function form(type: string): (data: string | Uint8Array | object) => Shown {
	return (data) => ({
		[Symbol.toStringTag]: type,
		[DISPLAY]: () => ({ [type]: data }),
	});
}

/** HTML to be shown. */
export const html: (text: string) => Shown = form("text/html");
/** An SVG picture to be shown. */
export const svg: (text: string) => Shown = form("image/svg+xml");
/** Markdown to be shown. */
export const markdown: (text: string) => Shown = form("text/markdown");
/** LaTeX to be shown, `$…$` included. */
export const latex: (text: string) => Shown = form("text/latex");
/** The bytes of a PNG picture to be shown. */
export const png: (bytes: Uint8Array) => Shown = form("image/png");
/** Data to be shown as a tree that can be unfolded. */
export const json: (data: object) => Shown = form("application/json");

/** Opens a text in the front end's pager, when it has one. */
export function page(text: string): void {
	host("page").page(text);
}

/**
 * Asks the reader for a line of text, and waits for it.
 * @throws Error when the front end cannot ask (a notebook that runs unattended).
 */
export function input(prompt = "", { password = false } = {}): string {
	return host("input").input(prompt, password);
}

/** Comms to the page. */
export const comms = {
	/** Opens a comm to something that the page has registered under a name. */
	open(target: string, content: CommContent = {}): Comm {
		return host("comms").openComm(target, content);
	},
	/** Registers the handler of comms that the page opens to a name. */
	register(target: string, opened: CommTarget): void {
		host("comms").registerTarget(target, opened);
	},
};
