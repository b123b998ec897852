import { brief } from "../theme.ts";

/** Numbers for a box: all of up to three, of more their size. */
export function few(values: ArrayLike<number>): string {
	const list = Array.from(values);
	if (list.length <= 3) return list.map((v) => brief(v)).join(", ");
	return `‖${brief(Math.hypot(...list))}‖`;
}

/** `[2, 4]`; nothing for a lone number. */
export const shapeText = (shape: readonly number[]): string =>
	shape.length === 0 ? "" : `[${shape.join(", ")}]`;
