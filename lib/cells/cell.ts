import type { FusedKind } from "../backend/backend.ts";
import type { Random } from "../random.ts";
import type { DType, Shape, Tensor } from "../tensor.ts";

/** Weights by name, as in the equations. */
export type Weights = Readonly<Record<string, Tensor>>;

/** What a cell carries from step to step: one tensor [B, H], or several by name. */
export type CellState = Tensor | Readonly<Record<string, Tensor>>;

/** One step of a recurrent network and its weights; `unroll` makes a layer of it. */
export interface Cell<
	S extends CellState = CellState,
	W extends Weights = Weights,
> {
	readonly name: string;
	/** Size of x [B, inputs]. */
	readonly inputs: number;
	/** Size of the output [B, hidden]. */
	readonly hidden: number;
	readonly weights: W;
	/** The state before the first step. */
	start(batch: number): S;
	/** x [B, D] and the state before it → the output [B, H] and the state after it. */
	step(x: Tensor, state: S): { output: Tensor; state: S };
	/** The backend's kernel for whole sequences of exactly this cell, where there is one. */
	readonly fused?: FusedKind;
}

/** What every cell is made from. */
export interface CellOptions {
	inputs: number;
	hidden: number;
	random: Random;
	/** float64 is for gradient checks. Default: float32. */
	dtype?: DType;
}

/** @throws when `got` is not the shape wanted, naming the axes by their letters: `gru: x must be [B=2, D=3], got [2, 4]`. */
export function expectShape(
	place: string,
	got: Tensor,
	wanted: Readonly<Record<string, number>>,
): void {
	const names = Object.keys(wanted);
	const fits: Shape = got.shape;
	if (
		fits.length === names.length &&
		names.every((name, i) => wanted[name] === fits[i])
	)
		return;
	const letters = names.map((name) => `${name}=${wanted[name]}`).join(", ");
	throw new Error(`${place} must be [${letters}], got [${fits.join(", ")}]`);
}

/** @throws when a size is not a whole number of at least 1. */
export function expectSizes(
	place: string,
	sizes: Readonly<Record<string, number>>,
): void {
	for (const [name, size] of Object.entries(sizes))
		if (!Number.isInteger(size) || size < 1)
			throw new Error(
				`${place}: ${name} must be a whole number of at least 1, got ${size}`,
			);
}
