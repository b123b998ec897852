import { list, oneOf, type Rule } from "../expect/rules.ts";

/** What a chart reads and checks by itself; it must be there. */
export const given: Rule = {
	wanted: "given",
	fits: (value) => value !== undefined && value !== null,
};
/** The finding: a sentence, or the function that makes it from what is drawn. */
export const finding: Rule = {
	wanted: "a string or a function that makes one",
	fits: (value) => typeof value === "string" || typeof value === "function",
};
export const scale = oneOf("linear", "log");
export const strings: Rule = list(
	{ wanted: "a string", fits: (value) => typeof value === "string" },
	"a list of strings",
);
/** From the least to the greatest value. */
export const range: Rule = {
	wanted: "two numbers, [least, greatest]",
	fits: (value) =>
		Array.isArray(value) &&
		value.length === 2 &&
		value.every((end) => typeof end === "number"),
};
