import { expectValue } from "./expect/expect.ts";
import { expectList, isList } from "./expect/lists.ts";
import { finite, notNegative, type Rule, size } from "./expect/rules.ts";
import { described } from "./expect/words.ts";

const seedRule: Rule = {
	wanted: "a whole number",
	fits: Number.isSafeInteger,
	hint: (value) => (value === undefined ? "write random(1)" : undefined),
};

/** Random numbers from a seed: the same seed gives the same numbers on every machine. */
export interface Random {
	/** A number in [low, high), by default [0, 1). */
	uniform(low?: number, high?: number): number;
	/** A number from the normal distribution, mean 0 and deviation 1 unless told. */
	normal(mean?: number, deviation?: number): number;
	/** A whole number from 0 to `count` − 1. */
	integer(count: number): number;
	/** An index, drawn in proportion to the weights given: they need not sum to 1. */
	choice(weights: ArrayLike<number>): number;
	/** A copy of the items in random order (Fisher and Yates). */
	shuffle<T>(items: ArrayLike<T>): T[];
	/** A generator of its own, so that parts of a program do not disturb each other's numbers. */
	fork(): Random;
	/** Where it is, to save: after `restore` the same numbers come again. */
	state(): RandomState;
	/** @throws when it is no state of a source of random numbers. */
	restore(state: RandomState): void;
}

/** The four words of the generator, and the second of a pair of normal numbers that waits, or null. */
export interface RandomState {
	words: readonly number[];
	spare: number | null;
}

const aState: Rule = {
	wanted: "what a source's state() gave",
	fits(value) {
		const { words, spare } = (value ?? {}) as Partial<RandomState>;
		return (
			Array.isArray(words) &&
			words.length === 4 &&
			words.every((word) => (word | 0) === word) &&
			(spare === null || Number.isFinite(spare))
		);
	},
};

/**
 * A seeded generator: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state.
 * @throws when the seed is not a whole number.
 */
export function random(seed: number): Random {
	expectValue("random", "the seed", seed, seedRule);
	const { words, next } = sfc32(seed);
	const unit = (): number =>
		((next() >>> 5) * 67108864 + (next() >>> 6)) / 2 ** 53;
	const normals = normalsOf(unit);
	const integer = (count: number): number => {
		if (!Number.isSafeInteger(count) || count < 1)
			expectValue("integer", "the count", count, size);
		return Math.floor(unit() * count);
	};
	const made: Random = {
		uniform: (low, high) => uniformOf(unit, low, high),
		normal(mean, deviation) {
			if (mean !== undefined) expectValue("normal", "the mean", mean, finite);
			if (deviation !== undefined)
				expectValue("normal", "the deviation", deviation, notNegative);
			return (mean ?? 0) + (deviation ?? 1) * normals.next();
		},
		integer,
		choice: (weights) => choiceOf(unit, weights),
		shuffle: (items) => shuffled(integer, items),
		fork: () => random(next() | 0),
		state: () => ({ words: [...words], spare: normals.spare ?? null }),
		restore(state) {
			expectValue("restore", "the state", state, aState);
			words.set(state.words);
			normals.spare = state.spare ?? undefined;
		},
	};
	states.set(made, {
		words,
		remember() {
			const [before, { spare }] = [words.slice(), normals];
			return () => {
				words.set(before);
				normals.spare = spare;
			};
		},
	});
	return made;
}

type Unit = () => number;

function uniformOf(unit: Unit, low?: number, high?: number): number {
	if (low === undefined && high === undefined) return unit();
	const from = low === undefined ? 0 : low;
	const to = high === undefined ? 1 : high;
	expectValue("uniform", "low", from, finite);
	expectValue("uniform", "high", to, finite);
	if (from > to)
		throw new Error(
			`uniform: low must not be above high, got ${from} and ${to}`,
		);
	return from + (to - from) * unit();
}

interface Normals {
	/** The polar method makes normals in pairs; the second waits here. */
	spare: number | undefined;
	next(): number;
}

/** Standard normals, by the polar method of Marsaglia. */
function normalsOf(unit: Unit): Normals {
	return {
		spare: undefined,
		next() {
			if (this.spare !== undefined) {
				const kept = this.spare;
				this.spare = undefined;
				return kept;
			}
			for (;;) {
				const x = 2 * unit() - 1;
				const y = 2 * unit() - 1;
				const s = x * x + y * y;
				if (s >= 1 || s === 0) continue;
				const factor = Math.sqrt((-2 * Math.log(s)) / s);
				this.spare = y * factor;
				return x * factor;
			}
		},
	};
}

function choiceOf(unit: Unit, given: ArrayLike<number>): number {
	// a copy would cost more than the draw: it is asked for each token
	const fine = given instanceof Float64Array && given.every((w) => w >= 0);
	const weights = fine
		? given
		: expectList("choice", "weights", given, notNegative);
	let total = 0;
	for (let i = 0; i < weights.length; i++) total += weights[i];
	if (!(total > 0) || total === Infinity)
		throw new Error(
			`choice: the weights must have a positive, finite sum, got ${total}`,
		);
	let left = total * unit();
	let last = 0;
	for (let i = 0; i < weights.length; i++) {
		if (weights[i] > 0) last = i;
		left -= weights[i];
		if (left < 0) return i;
	}
	return last;
}

function shuffled<T>(
	integer: (count: number) => number,
	items: ArrayLike<T>,
): T[] {
	if (!isList(items))
		throw new Error(`shuffle: wanted a list of items, got ${described(items)}`);
	const order = Array.from(items);
	for (let i = order.length - 1; i > 0; i--) {
		const j = integer(i + 1);
		[order[i], order[j]] = [order[j], order[i]];
	}
	return order;
}

interface State {
	/** The four words of the sfc32. */
	readonly words: Int32Array;
	remember(): () => void;
}
const states = new WeakMap<Random, State>();

/** What takes a source back to where it is now; undefined for one that `random` has not made. */
export function remembered(source: Random): (() => void) | undefined {
	return states.get(source)?.remember();
}

/** The words of the generator in a source, for those that draw many numbers at once; undefined for one that `random` has not made. */
export function wordsOf(source: Random): Int32Array | undefined {
	return states.get(source)?.words;
}

/** The state of a new generator, and what draws its next word. */
function sfc32(seed: number): { words: Int32Array; next: () => number } {
	const words = Int32Array.of(0, seed, Math.floor(seed / 2 ** 32), 1);
	const next = (): number => {
		const a = words[0];
		const b = words[1];
		const c = words[2];
		const d = words[3];
		const t = (((a + b) | 0) + d) | 0;
		words[3] = d + 1;
		words[0] = b ^ (b >>> 9);
		words[1] = c + (c << 3);
		words[2] = ((c << 21) | (c >>> 11)) + t;
		return t >>> 0;
	};
	for (let i = 0; i < 15; i++) next();
	return { words, next };
}
