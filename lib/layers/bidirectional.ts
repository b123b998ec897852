import {
	expectGiven,
	expectOptions,
	expectValue,
	type Rules,
} from "../expect/expect.ts";
import { aLayer, oneOf, optional, type Rule } from "../expect/rules.ts";
import { has } from "../expect/words.ts";
import { concat } from "../ops/arrange.ts";
import { add } from "../ops/elementwise.ts";
import { reverse } from "../ops/reverse.ts";
import { sameShape, type Tensor } from "../tensor.ts";
import {
	expectLengths,
	expectSteps,
	type Layer,
	type LayerState,
	layer,
	prefixed,
	type Run,
	type RunOptions,
	runRules,
	type Weights,
} from "./layer.ts";

/**
 * A layer over sequences [T, B, D] that reads each from its own end to its start; outputs and internals stay at their steps.
 * @throws when a length is not from 0 to T.
 */
export function reversed<W extends Weights, S extends LayerState>(
	inner: Layer<Tensor, W, S>,
): Layer<Tensor, W, S> {
	expectValue("reversed", "the layer", inner, aLayer);
	const { name, weights } = inner;
	const turned: Layer<Tensor, W, S>["run"] = (xs, options = {}) => {
		expectSteps("reversed", xs);
		const [T, B] = xs.shape;
		const lengths = expectLengths("reversed", options.lengths, { T, B });
		const back = (ys: Tensor) => reverse(ys, lengths);
		const run = inner.run(back(xs), options);
		const internals = Object.entries(run.internals ?? {});
		return {
			outputs: back(run.outputs),
			state: run.state,
			internals:
				run.internals &&
				Object.fromEntries(internals.map(([name, t]) => [name, back(t)])),
		};
	};
	const made = layer(`reversed(${name})`, weights, turned);
	return { ...made, structure: { is: "reversed", inner } };
}

export interface BidirectionalOptions {
	/** Reads from the start to the end. */
	forward: Layer;
	/** Reads from the end to the start; it is given as it would read forward. */
	backward: Layer;
	/** Outputs side by side [T, B, 2H], the default, or added [T, B, H]. */
	merge?: "concat" | "sum";
}

const rules: Rules<BidirectionalOptions> = {
	forward: aLayer,
	backward: aLayer,
	merge: optional(oneOf("concat", "sum")),
};
const both: Rule = {
	wanted: "{ forward, backward }",
	fits: (value) => has(value, "forward", "backward"),
};

/** Both runs of a bidirectional layer, by name. */
export interface Directions {
	forward: Run;
	backward: Run;
}

export interface BidirectionalLayer
	extends Layer<
		Tensor,
		Weights,
		{ forward: LayerState; backward: LayerState }
	> {
	/** The two runs apart: outputs at their steps, and each one's state after its own last step. */
	directions(xs: Tensor, options?: RunOptions): Directions;
}

/**
 * Two networks over one sequence, one of the past and one of the future (Schuster and Paliwal 1997).
 *
 * ```text
 * →h₍t₎ from x₁ … x₍t₎      ←h₍t₎ from x₍T₎ … x₍t₎      y₍t₎ = [→h₍t₎; ←h₍t₎], or their sum
 * ```
 *
 * Each sequence of a padded batch is turned within its own length, so padding changes nothing. The state is `{ forward, backward }`:
 * what each has read of all its sequence. Weights are named `forward.W`, `backward.W` …
 * @throws when the merge is unknown, outputs of different sizes should be added, a length is not from 0 to T, or a state not of both.
 */
export function bidirectional(
	options: BidirectionalOptions,
): BidirectionalLayer {
	const {
		forward,
		backward,
		merge = "concat",
	} = expectOptions("bidirectional", options, rules);
	const turned = reversed(backward);
	const directions = (xs: Tensor, options: RunOptions = {}): Directions => {
		expectSteps("bidirectional", xs);
		expectGiven("bidirectional", options, runRules);
		const given = options.state as Record<string, LayerState> | undefined;
		if (given !== undefined) expectValue("bidirectional", "state", given, both);
		return {
			forward: forward.run(xs, { ...options, state: given?.forward }),
			backward: turned.run(xs, { ...options, state: given?.backward }),
		};
	};
	const weights = {
		...prefixed("forward", forward.weights),
		...prefixed("backward", backward.weights),
	};
	const merged = layer("bidirectional", weights, (xs: Tensor, options) => {
		const runs = directions(xs, options);
		const [f, b] = [runs.forward, runs.backward];
		if (merge === "sum" && !sameShape(f.outputs.shape, b.outputs.shape))
			throw new Error(
				`bidirectional: to sum both outputs, they must have one shape, got [${f.outputs.shape.join(", ")}] and [${b.outputs.shape.join(", ")}]`,
			);
		return {
			outputs:
				merge === "sum"
					? add(f.outputs, b.outputs)
					: concat([f.outputs, b.outputs], 2),
			state: { forward: f.state, backward: b.state },
			internals: options?.inspect
				? {
						...prefixed("forward", f.internals),
						...prefixed("backward", b.internals),
					}
				: undefined,
		};
	});
	const structure = { is: "bidirectional", forward, backward, merge } as const;
	return { ...merged, directions, structure };
}
