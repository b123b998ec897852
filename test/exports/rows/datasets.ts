import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as datasets from "@unrolled/datasets";
import {
	flag,
	fn,
	number,
	oneOf,
	only,
	optional,
	options,
	or,
	positive,
	rate,
	size,
	source,
	whole,
} from "../kinds.ts";
import { numbersOf, own, type Row, seed } from "./shared.ts";

const random = { random: source };

const fewOf = { most: optional(whole(5, 1)), random: optional(source) };

const years = (first: number, last: number) =>
	optional(
		options({
			from: optional(whole(1970, first, last)),
			to: optional(whole(1980, first, last)),
		}),
	);

const oneDigit = {
	label: 3,
	pixels: Array.from({ length: 8 }, () => new Array<number>(8).fill(0.5)),
};

/** A table, and a file that was fetched before. */
const kept = (() => {
	const folder = join(tmpdir(), "unrolled-exports");
	const sha256 = createHash("sha256").update("x").digest("hex");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, `${sha256.slice(0, 12)}-x.bin`), "x");
	writeFileSync(join(folder, "table.csv"), "a\n1\n");
	return { folder, sha256, table: join(folder, "table.csv") };
})();

const road = () => datasets.track({ steps: 20, random: seed() });

/** Data sets. */
export const rows: Row[] = [
	own("adding", options({ steps: whole(4, 2), batch: whole(2, 1), ...random })),
	own(
		"copying",
		options({
			delay: whole(4, 1),
			batch: whole(2, 1),
			items: optional(whole(2, 1)),
			symbols: optional(whole(3, 2)),
			...random,
		}),
	),
	own("births", years(1969, 1988)),
	own("carbonDioxide", years(1958, 2020)),
	own("afinn"),
	own("opinions", optional(options(fewOf))),
	own(
		"compilerMessages",
		optional(
			options({
				...fewOf,
				most: optional(whole(5, 2)),
				longest: optional(size(4)),
			}),
		),
	),
	own(
		"pronunciations",
		optional(
			options({
				...fewOf,
				most: optional(whole(5, 2)),
				shortest: optional(whole(3, 1, 8)),
				longest: optional(whole(8, 3)),
				stress: optional(flag),
			}),
		),
	),
	own("digits", optional(options(fewOf))),
	own(
		"scenes",
		options({
			digits: only(() => [oneDigit]),
			count: size(2),
			least: optional(whole(1, 1, 2)),
			most: optional(whole(2, 1, 3)),
			...random,
		}),
	),
	own(
		"handwriting",
		options({
			characters: optional(or(oneOf("abc", "3"))),
			count: size(2),
			font: optional(oneOf("futural", "scripts")),
			spacing: optional(positive(3)),
			...random,
		}),
	),
	...(["dates", "numberWords", "englishSpanish"] as const).map((name) =>
		own(
			name,
			options({
				train: whole(3, 1, 1000),
				validation: whole(2, 1, 1000),
				...random,
			}),
		),
	),
	...(["inEnglish", "inSpanish"] as const).map((name) =>
		own(name, whole(305, 0, 999_999)),
	),
	own(
		"track",
		options({
			steps: whole(20, 20),
			delay: optional(whole(12, 6, 40)),
			...random,
		}),
	),
	own("view", only(road), whole(3, 0, 29), whole(4, 0, 8)),
	own("expertAction", only(road), whole(3, 0, 29), whole(4, 0, 8)),
	own(
		"drive",
		only(road),
		fn(() => 1),
		optional(options({ steps: optional(whole(5, 1, 20)) })),
	),
	own(
		"recordings",
		options({
			tracks: whole(1, 1),
			steps: whole(20, 20),
			delay: optional(whole(12, 6, 40)),
			slips: optional(rate(0.1)),
			...random,
		}),
	),
	own("readText", oneOf("package.json")),
	own(
		"readTable",
		oneOf(kept.table),
		only(() => ({ a: "number" })),
		optional(
			options({
				separator: optional({
					good: () => ",",
					accepts: (v) => typeof v === "string" && v.length === 1,
				}),
			}),
		),
	),
	own(
		"download",
		oneOf("http://127.0.0.1:9/x.bin"),
		options({
			sha256: oneOf(kept.sha256),
			folder: oneOf(kept.folder),
			progress: optional(fn(() => 0)),
			patience: optional(whole(1000, 1)),
			retries: optional(whole(0, 0)),
		}),
	),
	own("anbn", options({ most: whole(4, 1), count: whole(2, 1), ...random })),
	own("anbnNext", oneOf("aab", "a", "")),
	own("xorInTime", options({ triples: whole(4, 1), ...random })),
	own(
		"columnAddition",
		options({ digits: whole(3, 1), batch: whole(2, 1), ...random }),
	),
	own(
		"sums",
		options({ digits: whole(3, 1, 15), count: whole(2, 1), ...random }),
	),
	own(
		"brown",
		optional(
			options({ most: optional(whole(5, 1)), random: optional(source) }),
		),
	),
	own("parity", options({ steps: whole(4, 1), batch: whole(2, 1), ...random })),
	own(
		"temporalOrder",
		options({
			steps: whole(20, 10),
			batch: whole(2, 1),
			marks: optional(oneOf(2, 3)),
			...random,
		}),
	),
	own("elmanLetters", options({ consonants: whole(4, 1), ...random })),
	own("elmanSentences", options({ sentences: whole(4, 1), ...random })),
	own(
		"elmanNext",
		or(
			only(() => ["man"]),
			numbersOf([]),
		),
	),
	own("logicTree", options({ depth: whole(2, 0), ...random })),
	own(
		"formula",
		only(() => datasets.logicTree({ depth: 1, random: seed() })),
	),
	own("reber", source),
	own("embeddedReber", source),
	own("reberNext", oneOf("BT", "")),
	own("embeddedReberNext", oneOf("BT", "")),
	own("mobyDick", optional(options({ capitals: optional(flag) }))),
	own(
		"surnames",
		optional(
			options({
				languages: optional(only(() => ["Czech"])),
				most: optional(number(5, (n) => n >= 2)),
				ascii: optional(flag),
				random: optional(source),
			}),
		),
	),
];
