import { type Rule, size } from "./rules.ts";
import { described, isRecord, isTensor, nearest } from "./words.ts";

/** A rule for each option: TypeScript sees that none is left out. */
export type Rules<Options> = {
	readonly [Name in keyof Required<Options>]: Rule;
};

/**
 * Checks one value by its rule.
 * @throws when the value breaks the rule: `gru: hidden must be a whole number of at least 1, got 0`.
 */
export function expectValue(
	place: string,
	name: string,
	value: unknown,
	rule: Rule,
): void {
	if (rule.fits(value)) return;
	const hint = rule.hint?.(value);
	throw new Error(
		`${place}: ${name} must be ${rule.wanted}, got ${described(value)}${hint ? `; ${hint}` : ""}`,
	);
}

/**
 * Checks the options that are given; none is missed.
 * @throws when an option is unknown (the error offers the nearest known one), or breaks its rule.
 */
export function expectGiven<Options extends object>(
	place: string,
	given: Options,
	rules: Rules<Options>,
): void {
	const options: unknown = given;
	if (!isRecord(options))
		throw new Error(
			`${place}: options must be { ${Object.keys(rules).join(", ")} }, got ${described(options)}`,
		);
	for (const name in options) {
		if (!Object.hasOwn(rules, name))
			throw unknown(place, name, Object.keys(rules));
		expectValue(place, name, options[name], rules[name as keyof Options]);
	}
}

/**
 * The options, read and checked: each keeps its rule, and there is none without one.
 * @throws when an option is unknown (the error offers the nearest known one), missing or of the wrong kind.
 */
export function expectOptions<Options extends object>(
	place: string,
	options: Options,
	rules: Rules<Options>,
): Options {
	expectGiven(place, options, rules);
	for (const name in rules)
		if (!(name in options))
			expectValue(place, name, undefined, rules[name as keyof Options]);
	return options;
}

function unknown(place: string, name: string, known: readonly string[]): Error {
	const meant = nearest(name, known);
	return new Error(
		`${place}: there is no option ${name}; ${meant ? `did you mean ${meant}? It` : "it"} takes ${known.join(", ")}`,
	);
}

/** @throws when a size is not a whole number of at least 1. */
export function expectSizes(
	place: string,
	sizes: Readonly<Record<string, unknown>>,
): void {
	for (const [name, value] of Object.entries(sizes))
		expectValue(place, name, value, size);
}

/** @throws when `got` is not the shape wanted, naming the axes by their letters: `gru: x must be [B=2, D=3], got [2, 4]`. */
export function expectShape(
	place: string,
	got: { readonly shape: readonly number[] },
	wanted: Readonly<Record<string, number>>,
): void {
	const names = Object.keys(wanted);
	const fits = got?.shape;
	if (
		fits?.length === names.length &&
		names.every((name, i) => wanted[name] === fits[i])
	)
		return;
	const letters = names.map((name) => `${name}=${wanted[name]}`).join(", ");
	throw new Error(
		`${place} must be [${letters}], got ${isTensor(got) ? `[${fits.join(", ")}]` : described(got)}`,
	);
}
