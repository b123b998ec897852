import { has, isCell, isLayer, isRecord, isTensor } from "./words.ts";

/** What a value must be. */
export interface Rule {
	/** In words, as an error goes on after "must be": `a whole number of at least 1`. */
	readonly wanted: string;
	/** Whether a value keeps the rule. */
	fits(value: unknown): boolean;
	/** What to write instead, where the value shows what was meant. */
	hint?(value: unknown): string | undefined;
}

/** A whole number from `least` to `most`. */
export function whole(least = 0, most = Number.MAX_SAFE_INTEGER): Rule {
	const wanted =
		most === Number.MAX_SAFE_INTEGER
			? `a whole number of at least ${least}`
			: `a whole number from ${least} to ${most}`;
	return {
		wanted,
		fits: (value) =>
			Number.isInteger(value) &&
			(value as number) >= least &&
			(value as number) <= most,
	};
}

/** A number for which `inside` holds, which `wanted` says in words. */
function real(wanted: string, inside: (value: number) => boolean): Rule {
	return {
		wanted,
		fits: (value) => typeof value === "number" && inside(value),
	};
}

/** How large something is: a whole number of at least 1. */
export const size: Rule = whole(1);
export const finite: Rule = real("a finite number", Number.isFinite);
export const positive: Rule = real(
	"a positive number",
	(value) => value > 0 && value < Infinity,
);
export const notNegative: Rule = real(
	"a number of at least 0",
	(value) => value >= 0 && value < Infinity,
);
/** A probability below 1: where it is 1 everything would be gone. */
export const rate: Rule = real(
	"a number in [0, 1)",
	(value) => value >= 0 && value < 1,
);

/** A probability that is not 0. */
export const share: Rule = real(
	"a number in (0, 1]",
	(value) => value > 0 && value <= 1,
);

/** True or false. */
export const flag: Rule = {
	wanted: "true or false",
	fits: (value) => typeof value === "boolean",
};
/** A string. */
export const text: Rule = {
	wanted: "a string",
	fits: (value) => typeof value === "string",
};
export const callable: Rule = {
	wanted: "a function",
	fits: (value) => typeof value === "function",
};
export const anything: Rule = { wanted: "anything", fits: () => true };

/** One of a few words. */
export function oneOf(...words: readonly unknown[]): Rule {
	const quoted = words.map((word) =>
		typeof word === "string" ? `"${word}"` : String(word),
	);
	const last = quoted.pop();
	return {
		wanted: quoted.length === 0 ? `${last}` : `${quoted.join(", ")} or ${last}`,
		fits: (value) => words.includes(value),
	};
}
export const dtype: Rule = oneOf("float32", "float64");

/** Members by name, with values that keep the rule. */
export function record(of: Rule, wanted: string): Rule {
	return {
		wanted,
		fits: (value) =>
			isRecord(value) &&
			Object.values(value).every((member) => of.fits(member)),
	};
}

/** A list, with items that keep the rule. */
export function list(of: Rule, wanted: string): Rule {
	return {
		wanted,
		// `Array.from` sees the gaps of a list, as `every` does not
		fits: (value) =>
			Array.isArray(value) && Array.from(value).every((v) => of.fits(v)),
	};
}

/** What the shape of a tensor is: a list of whole numbers of at least 0. */
export const shape: Rule = {
	...list(whole(), "a list of sizes, such as [2, 3]"),
	hint: (value) => (typeof value === "number" ? `write [${value}]` : undefined),
};

/** How weights start: functions by the names of the weights. */
export const initial: Rule = record(
	callable,
	"initialisers by the names of weights, such as { b: constant(1) }",
);

/** A source of random numbers. */
export const source: Rule = {
	wanted: "a source of random numbers",
	fits(value) {
		if (typeof value !== "object" || value === null) return false;
		const { uniform, normal, integer } = value as Record<string, unknown>;
		return (
			typeof uniform === "function" &&
			typeof normal === "function" &&
			typeof integer === "function"
		);
	},
	hint: (value) => `write random(${Number.isSafeInteger(value) ? value : 1})`,
};

export const aTensor: Rule = {
	wanted: "a Tensor",
	fits: isTensor,
	hint: (value) =>
		typeof value === "number" ||
		Array.isArray(value) ||
		ArrayBuffer.isView(value)
			? "write tensor(…) around it"
			: undefined,
};

export const aLayer: Rule = {
	wanted: "a layer",
	fits: isLayer,
	hint(value) {
		if (isCell(value))
			return "places" in value
				? "write fold(…) around it"
				: "write unroll(…) around it";
		return typeof value === "function"
			? "did you forget to call it?"
			: undefined;
	},
};

export const aCell: Rule = {
	wanted: "a cell, such as lstm({ … })",
	fits: (value) => isCell(value) && !("places" in value),
	hint(value) {
		if (isLayer(value)) return "a cell goes inside unroll(…)";
		if (isCell(value)) return "fold runs it over trees";
		return typeof value === "function"
			? "did you forget to call it?"
			: undefined;
	},
};

export const aVocabulary: Rule = {
	wanted: "a vocabulary",
	fits: (value) => has(value, "encode", "decode"),
	hint: (value) =>
		typeof value === "string" ? "write vocabulary(…) around it" : undefined,
};

/** A rule for what may be left out. */
export function optional(rule: Rule): Rule {
	return {
		...rule,
		fits: (value) => value === undefined || rule.fits(value),
	};
}

/** A rule with other words, or another hint. */
export function but(rule: Rule, other: Partial<Rule>): Rule {
	return { ...rule, ...other };
}
