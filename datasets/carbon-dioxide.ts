import { expectOptions, optional, type Rules, whole } from "unrolled/expect";
import { installed, type Origin } from "./installed.ts";

/** A month, and how much carbon dioxide the air over Mauna Loa held. */
export interface CarbonDioxideMonth {
	/** `1958-03` */
	month: string;
	/** Parts per million of the air's molecules, as of the 15th. */
	co2: number;
	/** The same without its season, as the Scripps programme takes it out. */
	adjusted: number;
}

export interface CarbonDioxideData extends Origin {
	months: CarbonDioxideMonth[];
}

export interface CarbonDioxideOptions {
	/** The first year; default 1958. */
	from?: number;
	/** The last year; default 2020. */
	to?: number;
}

const year = optional(whole(1958, 2020));
const rules: Rules<CarbonDioxideOptions> = { from: year, to: year };

/**
 * Carbon dioxide in the air over Mauna Loa, Hawaii, by month, March 1958 to April 2020: 741 months, a series that rises faster and faster, with a season of a year.
 *
 * Five months without a measurement are left out, the last of them in 1964: from 1965 on there is no gap.
 * Keeling et al. 2001, Exchanges of atmospheric CO₂ and ¹³CO₂ with the terrestrial biosphere and oceans from 1978 to 2000, SIO Reference Series 01-06.
 * @throws when the data are not installed or not those whose SHA-256 is written here, or the last year is before the first.
 */
export async function carbonDioxide(
	options: CarbonDioxideOptions = {},
): Promise<CarbonDioxideData> {
	const { from = 1958, to = 2020 } = expectOptions(
		"carbonDioxide",
		options,
		rules,
	);
	if (from > to)
		throw new Error(
			`carbonDioxide: from must not be after to, got ${from} and ${to}`,
		);
	const [csv] = await installed({
		loader: "carbonDioxide",
		from: "vega-datasets@2.7.0",
		files: ["data/co2-concentration.csv"],
		sha256: "c1a4a970864145940a28225cae288618b156cb32f9a2a1b6606ba7124134febb",
	});
	const months = csv
		.trim()
		.split("\n")
		.slice(1)
		.map((line): CarbonDioxideMonth => {
			const [date, co2, adjusted] = line.split(",");
			return {
				month: date.slice(0, 7),
				co2: Number(co2),
				adjusted: Number(adjusted),
			};
		})
		.filter(({ month }) => {
			const y = Number(month.slice(0, 4));
			return from <= y && y <= to;
		});
	return {
		months,
		source:
			"Scripps CO₂ Program, monthly in-situ record of Mauna Loa, from the npm package vega-datasets 2.7.0",
		licence: "CC BY 4.0 (Scripps CO₂ Program)",
	};
}
