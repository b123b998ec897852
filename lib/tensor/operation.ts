import type { Numbers } from "../backend/backend.ts";
import type { Scope } from "../scope.ts";
import type { DType, Shape } from "./numbers.ts";

/**
 * One operation on tensors T as it was done: what went in, what came out, and how gradients go back.
 * `back` receives a gradient for each output (none where nothing depends on it) and returns one for each input, in arrays
 * that it does not keep: new ones, those it was given, or parts of them that do not overlap. Where only a few numbers of a
 * large input have a gradient, it returns a function that adds them to a sum, so that the cost is that of the few.
 */
export interface OperationOn<T> {
	readonly name: string;
	readonly order: number;
	inputs: readonly T[];
	outputs: readonly T[];
	back: Back | null;
	/** The part of a network that did it; null outside of any. */
	readonly scope: Scope | null;
	/** A number that changes with those of the weights among the inputs. */
	readonly read: number;
	/** Of one that did many at once: does these one by one, and gives its outputs their record. See `unfolding`. */
	unfold?: () => void;
}
export type Back = (
	gradients: readonly (Numbers | undefined)[],
) => readonly Contribution[];
/** A gradient of an input, or what adds it to the sum of the gradients of that input; none where there is none. */
export type Contribution = Numbers | ((sum: Numbers) => void) | undefined;

/** What back-propagation needs of a tensor. */
export interface Variable {
	readonly data: Numbers;
	readonly shape: Shape;
	readonly size: number;
	readonly dtype: DType;
	readonly requiresGrad: boolean;
	/** The operation that made it; null for data and weights. */
	readonly madeBy: OperationOn<this> | null;
	/** The weight that its numbers are; null for data and results. */
	asWeight(): Watched | null;
	/** Adds to its gradient, and may keep the array given. */
	addGradient(gradient: Numbers): void;
}

/** A weight that is watched, so that nobody writes into it between being read and back-propagation. */
export interface Watched {
	readonly data: Numbers;
	readonly shape: Shape;
	/** The number of the operation before which the library last wrote into it. */
	changedAt: number;
	/** What `readings` last saw of its numbers. */
	sampled: number;
}
