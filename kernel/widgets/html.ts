import { type Control, control, described } from "./control.ts";

/** HTML that the code may change. */
export const htmlBox = (value = "", classes: string[] = []): Control<string> =>
	control("HTML", {
		...described("", "HTMLStyleModel"),
		_dom_classes: classes,
		placeholder: "",
		value,
	});
