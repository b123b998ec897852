import type { Bytes } from "../backend/platform.ts";
import { uninterrupted } from "../backend/termination.ts";
import { expectOptions, type Rules } from "../expect/expect.ts";
import { anything, optional, record } from "../expect/rules.ts";
import { has } from "../expect/words.ts";
import type { Tensor } from "../tensor.ts";
import type {
	Optimiser,
	OptimiserState,
} from "../train/optimisers/optimiser.ts";
import {
	copyWeights,
	namedWeights,
	restoreWeights,
	type WeightSet,
} from "../train/weights.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

/** What can be written in JSON. */
export type Plain =
	| null
	| boolean
	| number
	| string
	| readonly Plain[]
	| { readonly [name: string]: Plain };

/** Something with a state that can be written down: a source of random numbers, batches, windows, a rate that falls on plateaus. */
export interface Stateful {
	state(): unknown;
	restore(state: never): void;
}

export interface CheckpointParts {
	/** The network: what `fit` trains. */
	weights: WeightSet;
	/** Its optimiser, whose moments and count of steps are kept. */
	optimiser?: Optimiser;
	/** Everything else that changes in training, by name: `{ random, data, rate }`. */
	state?: Readonly<Record<string, Stateful>>;
	/** Whatever you want to read again: the epoch, losses so far, a vocabulary's tokens. */
	notes?: Plain;
}

const stateful = {
	wanted: "things with state() and restore(), by name",
	fits(value: unknown) {
		const { state, restore } = (value ?? {}) as Partial<Stateful>; // a rate is a function
		return typeof state === "function" && typeof restore === "function";
	},
};
const rules: Rules<CheckpointParts> = {
	weights: anything, // by `namedWeights`
	optimiser: optional({
		wanted: "an optimiser with a state, such as adam()",
		fits: (value) => has(value, "step", "state", "restore"),
	}),
	state: optional(record(stateful, stateful.wanted)),
	notes: anything,
};

/** Says that a file is one of these, and of which making. */
const KEY = "unrolled.checkpoint";

interface Contents {
	version: 1;
	optimiser?: Omit<OptimiserState, "tensors">;
	state: Record<string, unknown>;
	notes: Plain;
}

/**
 * All of a training as the bytes of one file, to go on from as if it had never stopped, to the last bit: weights, the optimiser's moments, random generators,
 * the position in the data.
 *
 * ```ts
 * saveFile("model.safetensors", checkpoint({ weights: model, optimiser, state: { random: source, data: rounds }, notes: { step } }));
 * const { notes } = restoreCheckpoint(loadFile("model.safetensors"), { weights: model, optimiser, state: { random: source, data: rounds } });
 * ```
 *
 * The file is in the format safetensors: its weights are the tensors `weights/…`. Take it between two steps.
 * @throws when something has no state, or the notes cannot be written in JSON.
 */
export function checkpoint(parts: CheckpointParts): Bytes {
	const {
		weights,
		optimiser,
		state = {},
		notes = null,
	} = expectOptions("checkpoint", parts, rules);
	const tensors: Record<string, Tensor> = {};
	for (const [name, t] of Object.entries(copyWeights(weights)))
		tensors[`weights/${name}`] = t;
	const moments = optimiser?.state?.(weights);
	for (const [name, t] of Object.entries(moments?.tensors ?? {}))
		tensors[`optimiser/${name}`] = t;
	const contents: Contents = {
		version: 1,
		...(moments && {
			optimiser: { steps: moments.steps, taken: moments.taken },
		}),
		state: Object.fromEntries(
			Object.entries(state).map(([name, part]) => [name, part.state()]),
		),
		notes,
	};
	let json: string;
	try {
		json = JSON.stringify(contents);
	} catch (cause) {
		throw new Error(
			"checkpoint: notes must be what JSON can write: texts, numbers, lists and objects of them",
			{ cause },
		);
	}
	return writeSafetensors(tensors, { [KEY]: json });
}

/**
 * Puts a training back to where `checkpoint` took it, given the same parts, newly made. Nothing is changed when something does not fit.
 * @returns the notes
 * @throws when the bytes are no checkpoint, damaged, or of other parts: which one.
 */
export function restoreCheckpoint(
	bytes: Uint8Array | ArrayBuffer,
	parts: Omit<CheckpointParts, "notes">,
): { notes: Plain } {
	const place = "restoreCheckpoint";
	const {
		weights,
		optimiser,
		state = {},
	} = expectOptions<CheckpointParts>(place, parts, rules);
	const { tensors, metadata } = readSafetensors(bytes);
	const { state: states, notes, optimiser: counts } = contentsOf(metadata[KEY]);
	const under = (folder: string) =>
		Object.fromEntries(
			Object.entries(tensors)
				.filter(([name]) => name.startsWith(`${folder}/`))
				.map(([name, t]) => [name.slice(folder.length + 1), t]),
		);
	expectSame(place, "optimiser", optimiser ? ["it"] : [], counts ? ["it"] : []);
	expectSame(place, "state", Object.keys(state), Object.keys(states));
	const before = {
		weights: copyWeights(weights),
		optimiser: optimiser?.state?.(weights),
		state: Object.entries(state).map(([, part]) => part.state()),
	};
	namedWeights(place, weights);
	uninterrupted(() => {
		try {
			restoreWeights(weights, under("weights"));
			if (optimiser && counts)
				optimiser.restore?.(weights, {
					...counts,
					tensors: under("optimiser"),
				});
			for (const [name, part] of Object.entries(state))
				part.restore(states[name] as never);
		} catch (error) {
			// as it was: half of a checkpoint is none
			restoreWeights(weights, before.weights);
			if (before.optimiser) optimiser?.restore?.(weights, before.optimiser);
			Object.values(state).forEach((part, i) => {
				part.restore(before.state[i] as never);
			});
			throw new Error(
				`${place}: ${error instanceof Error ? error.message : error}; nothing was changed`,
				{ cause: error },
			);
		}
	});
	return { notes };
}

function contentsOf(json: string | undefined): Contents {
	const wrong = () =>
		new Error(
			"restoreCheckpoint: this file is not a checkpoint, it holds only tensors; read it by readSafetensors",
		);
	if (json === undefined) throw wrong();
	let contents: Partial<Contents> | null;
	try {
		contents = JSON.parse(json);
	} catch {
		throw wrong();
	}
	const { version, state, optimiser } = contents ?? {};
	if (typeof state !== "object" || state === null) throw wrong();
	if (version !== 1)
		throw new Error(
			`restoreCheckpoint: the checkpoint is of version ${version}, and this library reads version 1`,
		);
	if (
		optimiser !== undefined &&
		(typeof optimiser !== "object" || optimiser === null)
	)
		throw wrong();
	return contents as Contents;
}

function expectSame(
	place: string,
	what: string,
	given: readonly string[],
	saved: readonly string[],
): void {
	const missing = saved.filter((name) => !given.includes(name));
	const extra = given.filter((name) => !saved.includes(name));
	const said = (names: readonly string[]) =>
		names[0] === "it" ? `an ${what}` : `${what} ${names.join(", ")}`;
	if (missing.length > 0)
		throw new Error(
			`${place}: the checkpoint has ${said(missing)}, which was not given; nothing was changed`,
		);
	if (extra.length > 0)
		throw new Error(
			`${place}: the checkpoint has no ${said(extra).replace(/^an /, "")}; nothing was changed`,
		);
}
