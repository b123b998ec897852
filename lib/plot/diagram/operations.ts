import { minus } from "../theme.ts";

/** The signs of operations that have one. */
const signs: Readonly<Record<string, string>> = {
	add: "+",
	sub: "−",
	mul: "⊙",
	div: "÷",
	neg: "−",
	sigmoid: "σ",
	square: "x²",
	sqrt: "√",
	sum: "Σ",
	softmaxCrossEntropy: "cross-entropy",
	meanSquaredError: "squared error",
};

/** What an operation is called in a drawing. */
export const sign = (operation: string): string =>
	signs[operation] ?? operation;

/** What adding or subtracting a negative number is. */
const opposites = new Map([
	["add", "−"],
	["sub", "+"],
]);

/** An operation one of whose operands is a lone number: `1 −`, `2 ×`. */
export function withNumber(
	operation: string,
	number: string,
	first: boolean,
): string {
	const symbol = operation === "mul" ? "×" : sign(operation);
	if (first) return `${minus(number)} ${symbol}`;
	const opposite = opposites.get(operation);
	return opposite && number.startsWith("-")
		? `${opposite} ${number.slice(1)}` // + 0.5 is easier to read than − −0.5
		: `${symbol} ${minus(number)}`;
}

/** Operations that only hand on the same numbers in another arrangement. */
export const arranging = new Set([
	"reshape",
	"transpose",
	"slice",
	"split",
	"concat",
	"reverse",
	"clearPadding",
	"pickRows",
]);
