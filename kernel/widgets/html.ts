import { type Control, control, described } from "./control.ts";
import type { State } from "./model.ts";

/** HTML that the code may change, with more of its model's state. */
export const html = (value: string, state: State = {}): Control<string> =>
	control("HTML", {
		...described("", "HTMLStyleModel"),
		placeholder: "",
		value,
		...state,
	});

/** HTML that the code may change. */
export const htmlBox = (value = ""): Control<string> => html(value);
