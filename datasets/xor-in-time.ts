import type { Random } from "unrolled";
import { expectOptions, size, source } from "unrolled/expect";

const rules = { triples: size, random: source };

/**
 * XOR in time: two random bits and their exclusive or, then two others, in one stream of bits. Only each third bit can be predicted.
 *
 * Elman 1990, Finding Structure in Time, section "Exclusive-OR".
 * @returns 3 · triples bits, each 0 or 1.
 */
export function xorInTime(options: {
	triples: number;
	random: Random;
}): number[] {
	const { triples, random } = expectOptions("xorInTime", options, rules);
	return Array.from({ length: triples }, () => {
		const [a, b] = [random.integer(2), random.integer(2)];
		return [a, b, a ^ b];
	}).flat();
}
