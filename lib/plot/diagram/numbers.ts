import { brief } from "../theme.ts";

/** Numbers for a box: all of up to three, of more their size. */
export function few(values: ArrayLike<number>): string {
	const list = Array.from(values);
	if (list.length <= 3) return list.map((v) => minus(brief(v))).join(", ");
	return `‖${minus(brief(Math.hypot(...list)))}‖`;
}

/** A true minus sign, as wide as the plus. */
const minus = (text: string) => text.replace(/^-/, "−");

/** `[2, 4]`; nothing for a lone number. */
export const shapeText = (shape: readonly number[]): string =>
	shape.length === 0 ? "" : `[${shape.join(", ")}]`;
