import { type Random, random } from "unrolled";
import {
	expectOptions,
	flag,
	list,
	optional,
	type Rules,
	source as sourceRule,
	text,
} from "unrolled/expect";
import { heldOut } from "./held-out.ts";
import { checked, type Origin } from "./installed.ts";

/** A family name and the language whose list it stands in. */
export interface Surname {
	name: string;
	language: string;
}

/** Family names to tell languages apart by, in two parts that do not overlap. */
export interface SurnameData extends Origin {
	train: Surname[];
	validation: Surname[];
	/** The languages in the order of the alphabet: a language's number is its index here. */
	languages: string[];
}

/** Only languages with a list of their own: many of Faker's locales repeat the English one, in part or whole. */
const locales = {
	Croatian: () => import("@faker-js/faker/locale/hr"),
	Czech: () => import("@faker-js/faker/locale/cs_CZ"),
	Dutch: () => import("@faker-js/faker/locale/nl"),
	English: () => import("@faker-js/faker/locale/en"),
	French: () => import("@faker-js/faker/locale/fr"),
	German: () => import("@faker-js/faker/locale/de"),
	Hungarian: () => import("@faker-js/faker/locale/hu"),
	Indonesian: () => import("@faker-js/faker/locale/id_ID"),
	Italian: () => import("@faker-js/faker/locale/it"),
	Latvian: () => import("@faker-js/faker/locale/lv"),
	Polish: () => import("@faker-js/faker/locale/pl"),
	Portuguese: () => import("@faker-js/faker/locale/pt_PT"),
	Romanian: () => import("@faker-js/faker/locale/ro"),
	Slovak: () => import("@faker-js/faker/locale/sk"),
	Spanish: () => import("@faker-js/faker/locale/es"),
	Swedish: () => import("@faker-js/faker/locale/sv"),
	Turkish: () => import("@faker-js/faker/locale/tr"),
	Uzbek: () => import("@faker-js/faker/locale/uz_UZ_latin"),
};

export interface SurnameOptions {
	/** Some of the languages instead of all; names that also stand in another list are left out all the same. */
	languages?: readonly string[];
	/** How many names of a language are taken at most. */
	most?: number;
	/** Small letters a to z, space, `'` and `-` only: `Müller` is `muller`, `Şahin` is `sahin`. */
	ascii?: boolean;
	/** What draws the names and mixes them. */
	random?: Random;
}

const rules: Rules<SurnameOptions> = {
	languages: optional(list(text, "a list of languages")),
	most: optional({
		wanted: "at least 2, one to train on and one to validate",
		fits: (value) => typeof value === "number" && value >= 2,
	}),
	ascii: optional(flag),
	random: optional(sourceRule),
};

/**
 * Family names in 18 languages, from the lists that the npm package `@faker-js/faker` keeps of its own.
 *
 * A name that stands in the lists of two languages is left out of both: nothing could tell which is meant. A fifth of each
 * language's names is for validation. (Feminine and masculine forms, such as Novák and Nováková, may fall on both sides.)
 * Lists differ in length, from 86 names to 2134: `most` evens them out.
 *
 * @throws when a language is not one of the 18, and when the lists are not those whose SHA-256 is written here.
 */
export async function surnames(
	options: SurnameOptions = {},
): Promise<SurnameData> {
	const {
		languages,
		most = Number.POSITIVE_INFINITY,
		ascii = false,
		random: source = random(1),
	} = expectOptions("surnames", options, rules);
	const all = Object.keys(locales);
	const wanted = languages ? [...new Set(languages)].sort() : all;
	const unknown = wanted.find((language) => !all.includes(language));
	if (unknown !== undefined || wanted.length === 0)
		throw new Error(
			`surnames: languages must be some of ${all.join(", ")}, got ${unknown ?? "none"}`,
		);

	const lists = ownNames(await readLists(), ascii ? fold : plain);
	const train: Surname[] = [];
	const validation: Surname[] = [];
	for (const language of wanted) {
		const drawn = source.shuffle(lists[language]).slice(0, most);
		const parts = heldOut(
			`surnames: ${language}`,
			drawn.map((name) => ({ name, language })),
		);
		validation.push(...parts.validation);
		train.push(...parts.train);
	}
	return {
		train: source.shuffle(train),
		validation: source.shuffle(validation),
		languages: wanted,
		source: "surname lists of the npm package @faker-js/faker 10.6.0",
		licence: "MIT",
	};
}

/** The lists as the package has them, one for each language. */
async function readLists(): Promise<Record<string, string[]>> {
	const lists: Record<string, string[]> = {};
	for (const [language, load] of Object.entries(locales)) {
		const { last_name } = (await load()).faker.rawDefinitions.person ?? {};
		lists[language] = [...new Set(Object.values(last_name ?? {}).flat())];
	}
	checked(JSON.stringify(lists), {
		what: "surnames: the lists in @faker-js/faker",
		sha256: "dd1121d5406b6f91d11591615c0f3b2148d61dd07e6bd50930414408a82113f8",
		from: "@faker-js/faker@10.6.0",
	});
	return lists;
}

/** The names that stand in one list only, spelled as `spell` does. */
function ownNames(
	lists: Record<string, string[]>,
	spell: (name: string) => string,
): Record<string, string[]> {
	const home = new Map<string, string | undefined>();
	for (const [language, names] of Object.entries(lists))
		for (const name of names.map(spell))
			home.set(
				name,
				!home.has(name) || home.get(name) === language ? language : undefined,
			);
	const own: Record<string, string[]> = {};
	for (const language of Object.keys(lists)) own[language] = [];
	for (const [name, language] of home)
		if (language !== undefined) own[language].push(name);
	return own;
}

/** A name as it is written, with one sort of apostrophe (the Uzbek list has four). */
const plain = (name: string): string =>
	name.normalize("NFC").replace(/[‘’ʻʼ`]/g, "'");

/** Letters that are not an ASCII letter with a mark. */
const others: Record<string, string> = {
	ß: "ss",
	æ: "ae",
	œ: "oe",
	ø: "o",
	ł: "l",
	đ: "d",
	ı: "i",
};

/** A name in small ASCII letters. */
function fold(name: string): string {
	return plain(name)
		.toLowerCase()
		.normalize("NFD")
		.replace(/\p{M}/gu, "")
		.replace(/[^a-z]/g, (letter) => others[letter] ?? letter);
}
