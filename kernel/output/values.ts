import { inspect } from "node:util";
import { DISPLAY } from "../host.ts";
import { attempt, propertyOf } from "../safely.ts";
import { withNumbers } from "./numbers.ts";
import { isTable, tableHtml } from "./table.ts";

/** A value in one or more forms, by MIME type. */
export type Bundle = Record<string, unknown>;

interface Displayable {
	[DISPLAY](): Bundle | Promise<Bundle>;
}

export const isDisplayable = (value: unknown): value is Displayable =>
	((typeof value === "object" && value !== null) ||
		typeof value === "function") &&
	typeof propertyOf(value, DISPLAY) === "function";

const isObject = (value: unknown): value is Bundle =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** Binary forms go over the wire in base64. */
function encoded(bundle: Bundle): Bundle {
	const entries = Object.entries(bundle).map(([type, data]) => [
		type,
		data instanceof Uint8Array ? Buffer.from(data).toString("base64") : data,
	]);
	return Object.fromEntries(entries);
}

/**
 * The forms in which a value is shown: its own, when it has a `Symbol.for("Jupyter.display")` method, else as text.
 * A promise only when the value's own method gives one.
 * @throws TypeError when the value's own method does not give a MIME bundle.
 */
export function bundleOf(value: unknown): Bundle | Promise<Bundle> {
	if (!isDisplayable(value)) {
		const text = inspect(
			attempt(() => withNumbers(value), value),
			{ depth: 4 },
		);
		const table = attempt(() => isTable(value) && tableHtml(value), false);
		return { "text/plain": text, ...(table && { "text/html": table }) };
	}
	const check = (bundle: unknown): Bundle => {
		if (isObject(bundle)) return encoded(bundle);
		throw new TypeError(
			`Jupyter.display must give an object of MIME types, not ${inspect(bundle)}`,
		);
	};
	const bundle: unknown = value[DISPLAY]();
	return bundle instanceof Promise ? bundle.then(check) : check(bundle);
}

/** Whether an object is a MIME bundle itself: all of its keys are MIME types. */
export function isBundle(value: unknown): value is Bundle {
	if (!isObject(value)) return false;
	const types = Object.keys(value);
	return (
		types.length > 0 &&
		types.every((type) => /^[\w.+-]+\/[\w.+;=-]+$/.test(type))
	);
}

/** The MIME bundle that `display` sends for a value: the value itself if it is a bundle, else {@link bundleOf} it. */
export function shown(value: unknown): Bundle | Promise<Bundle> {
	return !isDisplayable(value) && isBundle(value)
		? encoded(value)
		: bundleOf(value);
}
