import type { Random } from "unrolled";
import { expectOptions, size, source } from "unrolled/expect";
import type { TextPair } from "./text-pair.ts";

/** English singular and plural, Spanish singular and plural, gender, and whether it is a person, whom Spanish verbs reach by `a`. */
type Noun = readonly [string, string, string, string, "m" | "f", "person"?];
const nouns: readonly Noun[] = [
	["cat", "cats", "gato", "gatos", "m"],
	["dog", "dogs", "perro", "perros", "m"],
	["bird", "birds", "pájaro", "pájaros", "m"],
	["book", "books", "libro", "libros", "m"],
	["tree", "trees", "árbol", "árboles", "m"],
	["car", "cars", "coche", "coches", "m"],
	["river", "rivers", "río", "ríos", "m"],
	["house", "houses", "casa", "casas", "f"],
	["table", "tables", "mesa", "mesas", "f"],
	["flower", "flowers", "flor", "flores", "f"],
	["city", "cities", "ciudad", "ciudades", "f"],
	["window", "windows", "ventana", "ventanas", "f"],
	["boy", "boys", "niño", "niños", "m", "person"],
	["girl", "girls", "niña", "niñas", "f", "person"],
	["friend", "friends", "amigo", "amigos", "m", "person"],
	["queen", "queens", "reina", "reinas", "f", "person"],
];

/** English, then Spanish: masculine and feminine singular, masculine and feminine plural. */
const adjectives: readonly (readonly string[])[] = [
	["red", "rojo", "roja", "rojos", "rojas"],
	["white", "blanco", "blanca", "blancos", "blancas"],
	["black", "negro", "negra", "negros", "negras"],
	["small", "pequeño", "pequeña", "pequeños", "pequeñas"],
	["old", "viejo", "vieja", "viejos", "viejas"],
	["new", "nuevo", "nueva", "nuevos", "nuevas"],
	["pretty", "bonito", "bonita", "bonitos", "bonitas"],
	["tall", "alto", "alta", "altos", "altas"],
	["green", "verde", "verde", "verdes", "verdes"],
	["blue", "azul", "azul", "azules", "azules"],
	["sad", "triste", "triste", "tristes", "tristes"],
	["big", "grande", "grande", "grandes", "grandes"],
];

/** English singular and plural, then Spanish as above. */
const determiners: readonly (readonly string[])[] = [
	["the", "the", "el", "la", "los", "las"],
	["a", "some", "un", "una", "unos", "unas"],
	["this", "these", "este", "esta", "estos", "estas"],
	["my", "my", "mi", "mi", "mis", "mis"],
];

/** English: base, third person, past; Spanish: present and past, each singular and plural. */
const verbs: readonly (readonly string[])[] = [
	["see", "sees", "saw", "ve", "ven", "vio", "vieron"],
	[
		"find",
		"finds",
		"found",
		"encuentra",
		"encuentran",
		"encontró",
		"encontraron",
	],
	["know", "knows", "knew", "conoce", "conocen", "conoció", "conocieron"],
	["paint", "paints", "painted", "pinta", "pintan", "pintó", "pintaron"],
	["carry", "carries", "carried", "lleva", "llevan", "llevó", "llevaron"],
	["follow", "follows", "followed", "sigue", "siguen", "siguió", "siguieron"],
	[
		"remember",
		"remembers",
		"remembered",
		"recuerda",
		"recuerdan",
		"recordó",
		"recordaron",
	],
];

/** A noun with what stands around it. */
interface Phrase {
	noun: number;
	adjective?: number;
	determiner: number;
	plural: boolean;
}

/** Which form of four: masculine or feminine, singular or plural. */
const form = ({ noun, plural }: Phrase): number =>
	(plural ? 2 : 0) + (nouns[noun][4] === "f" ? 1 : 0);

function inEnglish(phrase: Phrase): string {
	const { noun, adjective, determiner, plural } = phrase;
	const word = nouns[noun][plural ? 1 : 0];
	const before = adjective === undefined ? word : adjectives[adjective][0];
	const article = determiners[determiner][plural ? 1 : 0];
	const own = article === "a" && /^[aeiou]/.test(before) ? "an" : article;
	return adjective === undefined
		? `${own} ${word}`
		: `${own} ${before} ${word}`;
}

function inSpanish(phrase: Phrase): string {
	const { noun, adjective, determiner, plural } = phrase;
	const words = [
		determiners[determiner][2 + form(phrase)],
		nouns[noun][plural ? 3 : 2],
	];
	if (adjective !== undefined)
		words.push(adjectives[adjective][1 + form(phrase)]);
	return words.join(" ");
}

/** What a verb reaches: persons by `a`, and `a el` is `al`. */
function reached(phrase: Phrase): string {
	const text = inSpanish(phrase);
	return nouns[phrase.noun][5] ? `a ${text}`.replace(/^a el /, "al ") : text;
}

/** A sentence, and the adjectives that it puts with nouns. */
interface Sentence extends TextPair {
	pairs: string[];
}

function sentence(random: Random): Sentence {
	const phrase = (): Phrase => ({
		noun: random.integer(nouns.length),
		determiner: random.integer(determiners.length),
		plural: random.integer(2) === 1,
		...(random.integer(3) > 0 && {
			adjective: random.integer(adjectives.length),
		}),
	});
	const subject = phrase();
	const pairs = ({ noun, adjective }: Phrase) =>
		adjective === undefined
			? []
			: [`${adjectives[adjective][0]} ${nouns[noun][0]}`];
	const { plural } = subject;
	const not = random.integer(4) === 0;
	const negation = not ? "no " : "";
	if (random.integer(4) === 0) {
		const { adjective: _, ...bare } = subject;
		const adjective = random.integer(adjectives.length);
		const is = plural ? "are" : "is";
		return {
			source: `${inEnglish(bare)} ${is}${not ? " not" : ""} ${adjectives[adjective][0]}`,
			target: `${inSpanish(bare)} ${negation}${plural ? "son" : "es"} ${adjectives[adjective][1 + form(bare)]}`,
			pairs: pairs({ ...bare, adjective }),
		};
	}
	const object = phrase();
	const past = random.integer(2) === 1;
	const [base, third, before, ...spanish] = verbs[random.integer(verbs.length)];
	const does = past ? "did not" : plural ? "do not" : "does not";
	const verb = not ? `${does} ${base}` : past ? before : plural ? base : third;
	const verbo = spanish[(past ? 2 : 0) + (plural ? 1 : 0)];
	return {
		source: `${inEnglish(subject)} ${verb} ${inEnglish(object)}`,
		target: `${inSpanish(subject)} ${negation}${verbo} ${reached(object)}`,
		pairs: [...pairs(subject), ...pairs(object)],
	};
}

const rules = { train: size, validation: size, random: source };
/** How many adjectives with their nouns are kept unseen. */
const UNSEEN = 16;
/** So many sentences are there at least for each part; far more are possible. */
const MOST = 50_000;

/**
 * English sentences and their Spanish translations, made by a grammar of 16 nouns, 12 adjectives, 7 verbs in present and past, and negation.
 *
 * ```text
 * the old queen does not see my red flowers        la reina vieja no ve mis flores rojas
 * ```
 *
 * Spanish adjectives stand behind their nouns and agree with them in gender and number, as determiners do; a person is reached by `a`. 16 pairs
 * of adjective and noun, such as `red flower`, come in no sentence of `train` and `validation`, and in every one of `unseen`: there the words are known, and
 * their meeting is not. It is a small world: what translates it translates nothing else.
 *
 * No sentence of `validation` stands in `train`.
 * @throws when more than 50,000 sentences of a part are wanted.
 */
export function englishSpanish(options: {
	train: number;
	/** How many sentences to validate on; of `unseen` there are as many. */
	validation: number;
	random: Random;
}): {
	train: TextPair[];
	validation: TextPair[];
	unseen: TextPair[];
	/** The 16 pairs that `train` lacks, in English. */
	pairs: string[];
} {
	const { train, validation, random } = expectOptions(
		"englishSpanish",
		options,
		rules,
	);
	for (const [name, count] of Object.entries({ train, validation }))
		if (count > MOST)
			throw new Error(
				`englishSpanish: ${name} must be at most ${MOST} sentences, got ${count}`,
			);
	// each noun misses one adjective
	const order = random.shuffle([...nouns.keys()]);
	const pairs = order
		.slice(0, UNSEEN)
		.map(
			(noun, i) => `${adjectives[i % adjectives.length][0]} ${nouns[noun][0]}`,
		);
	const kept = new Set(pairs);
	const seen = new Set<string>();
	const draw = (count: number, unseen: boolean, again: boolean) => {
		const found: TextPair[] = [];
		while (found.length < count) {
			const { source, target, pairs } = sentence(random);
			if (pairs.some((pair) => kept.has(pair)) !== unseen) continue;
			if (!again && seen.has(source)) continue;
			seen.add(source);
			found.push({ source, target });
		}
		return found;
	};
	return {
		train: draw(train, false, true),
		validation: draw(validation, false, false),
		unseen: draw(validation, true, false),
		pairs,
	};
}
