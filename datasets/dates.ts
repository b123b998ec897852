import type { Random } from "unrolled";
import { expectOptions, size, source, whole } from "unrolled/expect";
import type { TextPair } from "./text-pair.ts";

const months = [
	...["January", "February", "March", "April", "May", "June"],
	...["July", "August", "September", "October", "November", "December"],
];
const weekdays = [
	...["Sunday", "Monday", "Tuesday", "Wednesday"],
	...["Thursday", "Friday", "Saturday"],
];
const two = (n: number) => `${n}`.padStart(2, "0");
const ordinal = (d: number) => {
	const tail = d % 100 > 10 && d % 100 < 14 ? 0 : d % 10;
	return `${d}${["th", "st", "nd", "rd"][tail] ?? "th"}`;
};

/** Ten ways to write a day. */
const spellings: readonly ((
	y: number,
	m: number,
	d: number,
	weekday: number,
) => string)[] = [
	(y, m, d) => `${d} ${months[m]} ${y}`,
	(y, m, d) => `${months[m]} ${d}, ${y}`,
	(y, m, d) => `${ordinal(d)} of ${months[m]} ${y}`,
	(y, m, d) => `${months[m].slice(0, 3)} ${d} ${y}`,
	(y, m, d) => `${d} ${months[m].slice(0, 3)} '${two(y % 100)}`,
	(y, m, d, w) => `${weekdays[w]}, ${months[m]} ${ordinal(d)}, ${y}`,
	(y, m, d, w) =>
		`${weekdays[w].slice(0, 3)} ${d} ${months[m].slice(0, 3)} ${y}`,
	(y, m, d) => `${two(d)}.${two(m + 1)}.${y}`,
	(y, m, d) => `${y}/${m + 1}/${d}`,
	(y, m, d) => `${d}-${months[m].slice(0, 3).toUpperCase()}-${y}`,
];

const rules = { train: whole(1, 1_000_000), validation: size, random: source };

/**
 * Days from 1950 to 2049 in ten spellings, and the same days as ISO 8601 writes them: `{ source: "3rd of March 1997", target: "1997-03-03" }`.
 *
 * No day stands in both parts. `'97` is 1997, and `'49` is 2049.
 * @throws when more days are wanted than there are: 36,525, of which at most half are for validation.
 */
export function dates(options: {
	/** How many pairs to train on; a day may come in several spellings. */
	train: number;
	/** How many pairs to validate on, each of another day. */
	validation: number;
	random: Random;
}): { train: TextPair[]; validation: TextPair[] } {
	const { train, validation, random } = expectOptions("dates", options, rules);
	const first = Date.UTC(1950, 0, 1);
	const count = (Date.UTC(2050, 0, 1) - first) / 86_400_000;
	if (validation > count / 2)
		throw new Error(
			`dates: validation must be at most ${Math.floor(count / 2)} days, got ${validation}`,
		);
	const days = random.shuffle(Array.from({ length: count }, (_, i) => i));
	const held = days.slice(0, validation);
	const others = days.slice(validation);
	const pair = (number: number): TextPair => {
		const day = new Date(first + number * 86_400_000);
		const [y, m, d] = [
			day.getUTCFullYear(),
			day.getUTCMonth(),
			day.getUTCDate(),
		];
		const spell = spellings[random.integer(spellings.length)];
		return {
			source: spell(y, m, d, day.getUTCDay()),
			target: `${y}-${two(m + 1)}-${two(d)}`,
		};
	};
	return {
		train: Array.from({ length: train }, () =>
			pair(others[random.integer(others.length)]),
		),
		validation: held.map(pair),
	};
}
