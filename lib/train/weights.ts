import { uninterrupted } from "../backend/termination.ts";
import { expectValue } from "../expect/expect.ts";
import { aTensor, record } from "../expect/rules.ts";
import { described, has, isRecord } from "../expect/words.ts";
import { changed, sameShape, Tensor } from "../tensor.ts";

/** Something with weights: a layer, a cell, an attention. */
export interface Part {
	readonly weights: Readonly<Record<string, Tensor>>;
}

/**
 * Weights to train, clip or copy: tensors, and parts with weights, by name or in lists, as deep as they are nested.
 *
 * A weight's name says its place: `[a, b]` has `0.W` and `1.W`, `{ encoder: a, head: b }` has `encoder.W` and `head.W`, and a
 * part alone has its own names.
 */
export type WeightSet =
	| Tensor
	| Part
	| readonly WeightSet[]
	| { readonly [name: string]: WeightSet };

const tensorsByName = record(aTensor, "what copyWeights gave");

/** Sets are not nested deeper than this: one that is contains itself. */
const DEEPEST = 32;

/**
 * The weights of a set by their names; one that stands in several places stands at the first.
 * @throws when something in the set is no weight and has none, or two weights have one name.
 */
export function namedWeights(
	place: string,
	weights: WeightSet,
): ReadonlyMap<string, Tensor> {
	const found = new Map<string, Tensor>();
	const seen = new Set<Tensor>();
	const visit = (part: WeightSet, path: readonly string[]): void => {
		const name = path.join(".");
		if (part instanceof Tensor) {
			if (seen.has(part)) return;
			if (!part.asWeight() || part.source)
				throw new Error(
					`${place}: ${name || "the tensor"} [${part.shape.join(", ")}] is not a weight: ${part.madeBy ? `${part.madeBy.name} made it` : "make it with { requiresGrad: true }"}`,
				);
			if (found.has(name))
				throw new Error(`${place}: two weights are named ${name}`);
			seen.add(part);
			found.set(name || "weight", part);
		} else if (!isGroup(part))
			throw new Error(
				`${place}: weights must be tensors, layers or cells, by name or in a list, got ${described(part)}${name && ` at ${name}`}`,
			);
		else if (path.length > DEEPEST)
			throw new Error(
				`${place}: weights are nested more than ${DEEPEST} deep; a list may not contain itself`,
			);
		else
			for (const [key, inner] of Object.entries<WeightSet>(
				isPart(part) ? part.weights : { ...part },
			))
				visit(inner, [...path, key]);
	};
	visit(weights, []);
	return found;
}

/** The weights of a set, one that stands in several places once. Errors as `namedWeights`, which does the same with names. */
export function weightList(
	place: string,
	weights: WeightSet,
): readonly Tensor[] {
	const found = new Set<Tensor>();
	if (!collect(weights, found, DEEPEST)) namedWeights(place, weights);
	return [...found];
}

/** Adds the weights of a set; whether all of it was weights. */
function collect(part: WeightSet, found: Set<Tensor>, depth: number): boolean {
	if (part instanceof Tensor) {
		found.add(part);
		return part.asWeight() === part;
	}
	if (!isGroup(part) || depth === 0) return false;
	const inner = (isPart(part) ? part.weights : part) as Record<
		string,
		WeightSet
	>;
	for (const name in inner)
		if (!collect(inner[name], found, depth - 1)) return false;
	return true;
}

/** Whether weights stand in it, by name or in a list: not in a Map, a Promise … */
const isGroup = (part: unknown): boolean =>
	Array.isArray(part) || isRecord(part) || has(part, "weights");

function isPart(part: WeightSet): part is Part {
	const { weights } = part as Partial<Part>;
	return (
		typeof weights === "object" &&
		weights !== null &&
		!(weights instanceof Tensor)
	);
}

/**
 * Leaves weights as they are until `unfreeze`: no gradient is computed for them, and no optimiser changes them. Gradients still flow through the
 * part to what comes before it. `freeze(model.encoder)`, or only some weights by name: `freeze({ table: words.weights.table })`.
 * @throws when something in the set is no weight and has none.
 */
export function freeze(weights: WeightSet): void {
	for (const w of weightList("freeze", weights)) {
		w.frozen = true;
		w.requiresGrad = false;
		w.grad = null;
	}
}

/**
 * Trains weights again that `freeze` had left as they are.
 * @throws when something in the set is no weight and has none.
 */
export function unfreeze(weights: WeightSet): void {
	for (const w of weightList("unfreeze", weights)) {
		w.frozen = false;
		w.requiresGrad = true;
	}
}

/**
 * Clears the gradients of weights: `grad` is null afterwards.
 *
 * `backward()` adds to the gradients that are there. In a loop of one's own, clear them before each step; to take one step
 * for several batches, call `backward()` for each of them and clear once:
 *
 * ```ts
 * zeroGrad(model);
 * for (const batch of batches) div(loss(batch), batches.length).backward();      // the mean over the batches
 * optimiser.step(model);
 * ```
 *
 * `fit` clears by itself, and an optimiser's step those of the weights it is given. In a notebook, `backward()` does not add to what
 * an interrupted cell left.
 * @throws when something in the set is no weight and has none.
 */
export function zeroGrad(weights: WeightSet): void {
	for (const w of weightList("zeroGrad", weights)) w.grad = null;
}

/**
 * Copies of weights by name, which later training does not change: what to keep of the best network so far.
 *
 * ```ts
 * const best = copyWeights(model);
 * …
 * restoreWeights(model, best);
 * ```
 *
 * An optimiser's moments are not among them.
 * @throws when something in the set is no weight and has none.
 */
export function copyWeights(weights: WeightSet): Record<string, Tensor> {
	return Object.fromEntries(
		Array.from(namedWeights("copyWeights", weights), ([name, w]) => [
			name,
			new Tensor(w.data.slice(), w.shape),
		]),
	);
}

/**
 * Writes copies back into the weights of the same names. Nothing is written when one does not fit.
 * @throws when a weight has no copy, a copy no weight, or a copy another shape or type than its weight.
 */
export function restoreWeights(
	weights: WeightSet,
	copies: Readonly<Record<string, Tensor>>,
): void {
	expectValue("restoreWeights", "copies", copies, tensorsByName);
	const named = namedWeights("restoreWeights", weights);
	const lacking = [...named.keys()].filter((name) => !(name in copies));
	const extra = Object.keys(copies).filter((name) => !named.has(name));
	if (lacking.length > 0 || extra.length > 0)
		throw new Error(
			`restoreWeights: ${lacking.length > 0 ? `there is no copy of ${lacking.join(", ")}` : `there is no weight ${extra.join(", ")}`}; copies must have the names that copyWeights gave`,
		);
	for (const [name, w] of named) {
		const copy = copies[name];
		if (!sameShape(copy.shape, w.shape) || copy.dtype !== w.dtype)
			throw new Error(
				`restoreWeights: ${name} must be ${w.dtype} [${w.shape.join(", ")}], got ${copy.dtype} [${copy.shape.join(", ")}]`,
			);
	}
	uninterrupted(() => {
		for (const [name, w] of named) {
			w.data.set(copies[name].data);
			changed(w);
		}
	});
}
