import type { Random } from "unrolled";
import {
	expectOptions,
	expectValue,
	size,
	source,
	whole,
} from "unrolled/expect";
import type { TextPair } from "./text-pair.ts";

const english = [
	...["zero", "one", "two", "three", "four", "five", "six", "seven"],
	...["eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"],
	...["fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
];
const englishTens = [
	...["", "", "twenty", "thirty", "forty"],
	...["fifty", "sixty", "seventy", "eighty", "ninety"],
];
const spanish = [
	...["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete"],
	...["ocho", "nueve", "diez", "once", "doce", "trece", "catorce", "quince"],
	...["dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte"],
	...["veintiuno", "veintidós", "veintitrés", "veinticuatro", "veinticinco"],
	...["veintiséis", "veintisiete", "veintiocho", "veintinueve"],
];
const spanishTens = [
	...["", "", "", "treinta", "cuarenta"],
	...["cincuenta", "sesenta", "setenta", "ochenta", "noventa"],
];
const spanishHundreds = [
	...["", "ciento", "doscientos", "trescientos", "cuatrocientos"],
	...["quinientos", "seiscientos", "setecientos", "ochocientos"],
	"novecientos",
];

const aNumber = whole(0, 999_999);

/**
 * A number below a million in English words: 305 is `three hundred five`.
 * @throws when it is not a whole number from 0 to 999,999.
 */
export function inEnglish(n: number): string {
	expectValue("inEnglish", "the number", n, aNumber);
	if (n < 20) return english[n];
	const rest = (part: number, word: string) =>
		word + (part > 0 ? ` ${inEnglish(part)}` : "");
	if (n < 100) return rest(n % 10, englishTens[Math.floor(n / 10)]);
	if (n < 1000)
		return rest(n % 100, `${inEnglish(Math.floor(n / 100))} hundred`);
	return rest(n % 1000, `${inEnglish(Math.floor(n / 1000))} thousand`);
}

/**
 * A number below a million in Spanish words: 305 is `trescientos cinco`, 21,000 is `veintiún mil`.
 * @throws when it is not a whole number from 0 to 999,999.
 */
export function inSpanish(n: number): string {
	expectValue("inSpanish", "the number", n, aNumber);
	if (n < 30) return spanish[n];
	const rest = (part: number, word: string, joint = " ") =>
		word + (part > 0 ? `${joint}${inSpanish(part)}` : "");
	if (n < 100) return rest(n % 10, spanishTens[Math.floor(n / 10)], " y ");
	if (n === 100) return "cien";
	if (n < 1000) return rest(n % 100, spanishHundreds[Math.floor(n / 100)]);
	const thousands = Math.floor(n / 1000);
	// before mil, uno is short
	const many = inSpanish(thousands)
		.replace(/veintiuno$/, "veintiún")
		.replace(/uno$/, "un");
	return rest(n % 1000, thousands === 1 ? "mil" : `${many} mil`);
}

const rules = { train: whole(1, 1_000_000), validation: size, random: source };

/**
 * Numbers below a million in English and in Spanish words. Each has 1 to 6 digits, each length as likely; no number stands in both parts.
 * @throws when more than 100,000 pairs are wanted for validation.
 */
export function numberWords(options: {
	train: number;
	validation: number;
	random: Random;
}): { train: TextPair[]; validation: TextPair[] } {
	const { train, validation, random } = expectOptions(
		"numberWords",
		options,
		rules,
	);
	if (validation > 100_000)
		throw new Error(
			`numberWords: validation must be at most 100000, got ${validation}`,
		);
	const draw = () => {
		const digits = 1 + random.integer(6);
		const least = digits === 1 ? 0 : 10 ** (digits - 1);
		return least + random.integer(10 ** digits - least);
	};
	const pair = (n: number): TextPair => ({
		source: inEnglish(n),
		target: inSpanish(n),
	});
	const held = new Set<number>();
	// of the shortest numbers half stay to train on
	while (held.size < validation) {
		const n = draw();
		if (n >= 10 || n % 2 === 1) held.add(n);
	}
	const learnt: number[] = [];
	while (learnt.length < train) {
		const n = draw();
		if (!held.has(n)) learnt.push(n);
	}
	return { train: learnt.map(pair), validation: [...held].map(pair) };
}
