import type { Random } from "unrolled";
import { expectOptions, size, source } from "unrolled/expect";
import type { TextPair } from "./text-pair.ts";

const columnRules = { digits: size, batch: size, random: source };

/**
 * Addition as it is done on paper, one column a step from the right: only the carry has to be remembered.
 *
 * inputs [T, B, 2]: a digit of each number (0 to 9). targets [T, B]: the digit of the sum. T = digits + 1: the last column is the last carry.
 */
export function columnAddition(options: {
	/** Digits of each number; leading zeros count. */
	digits: number;
	batch: number;
	random: Random;
}): { inputs: number[][][]; targets: number[][] } {
	const { digits, batch, random } = expectOptions(
		"columnAddition",
		options,
		columnRules,
	);
	const carries = new Array<number>(batch).fill(0);
	const inputs: number[][][] = [];
	const targets: number[][] = [];
	for (let t = 0; t <= digits; t++) {
		const columns = carries.map(() =>
			t < digits ? [random.integer(10), random.integer(10)] : [0, 0],
		);
		inputs.push(columns);
		targets.push(
			columns.map(([a, b], i) => {
				const sum = a + b + carries[i];
				carries[i] = sum > 9 ? 1 : 0;
				return sum % 10;
			}),
		);
	}
	return { inputs, targets };
}

const rules = {
	digits: {
		...size,
		wanted: "a whole number from 1 to 15",
		fits: (n: unknown) => size.fits(n) && (n as number) <= 15,
	},
	count: size,
	random: source,
};

/**
 * Sums as text: `{ source: "27+305", target: "332" }`. Each number has 1 to `digits` digits, each length as likely.
 *
 * Zaremba and Sutskever 2014, Learning to Execute (arXiv:1410.4615); reading the query from its end, `503+72`, makes it easier.
 */
export function sums(options: {
	/** The most digits of a number: 1 to 15. */
	digits: number;
	/** How many sums. */
	count: number;
	random: Random;
}): TextPair[] {
	const { digits, count, random } = expectOptions("sums", options, rules);
	const number = () => {
		const length = 1 + random.integer(digits);
		const least = length === 1 ? 0 : 10 ** (length - 1);
		return least + random.integer(10 ** length - least);
	};
	return Array.from({ length: count }, () => {
		const [a, b] = [number(), number()];
		return { source: `${a}+${b}`, target: `${a + b}` };
	});
}
