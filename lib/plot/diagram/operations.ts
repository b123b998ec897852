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

/** An operation one of whose operands is a lone number: `1 −`, `2 ×`. */
export function withNumber(
	operation: string,
	number: string,
	first: boolean,
): string {
	const symbol = operation === "mul" ? "×" : sign(operation);
	return first ? `${number} ${symbol}` : `${symbol} ${number}`;
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
