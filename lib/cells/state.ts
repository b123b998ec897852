import { Tensor } from "../tensor.ts";
import type { Cell, CellState } from "./cell.ts";

type Parts = Readonly<Record<string, Tensor>>;

/** A state of a cell by the names of its parts. */
export function parts({ traits }: Cell, state: CellState): Parts {
	if (!(state instanceof Tensor)) return state;
	return { [traits?.state ?? "h"]: state };
}

/**
 * The state that was given to a cell for B sequences, its parts in the cell's order; those that it may lack are as `start` has them. `own` is a state
 * of the cell, for any number of sequences.
 * @throws when it has other parts than `own`, or one is of another shape or type.
 */
export function stateFor<S extends CellState>(
	place: string,
	cell: Cell<S>,
	own: S,
	state: unknown,
	B: number,
): S {
	const given = completed(cell, own, state, B);
	if (own instanceof Tensor) {
		if (fits(given, own, B)) return given as S;
	} else if (typeof given === "object" && given !== null) {
		const names = Object.keys(own);
		const read: Record<string, Tensor> = {};
		let fitting = 0;
		for (const name of names) {
			const part = (given as Parts)[name];
			if (!fits(part, (own as Parts)[name], B)) break;
			read[name] = part;
			fitting++;
		}
		if (fitting === names.length && fitting === Object.keys(given).length)
			return read as S;
	}
	throw new Error(
		`${place}: state must be ${described(own, B)}, got ${described(given)}`,
	);
}

/** A given state, and the parts that it may lack as `start` has them. Where one part alone is left, it may stand without its name. */
function completed<S extends CellState>(
	{ traits, start }: Cell<S>,
	own: S,
	given: unknown,
	B: number,
): unknown {
	const { mayLack } = traits ?? {};
	if (!mayLack || typeof given !== "object" || given === null) return given;
	const fresh = Object.entries(start(B)).filter(([name]) =>
		mayLack.includes(name),
	);
	const [name, ...more] = Object.keys(own).filter((n) => !mayLack.includes(n));
	if (!(given instanceof Tensor))
		return { ...Object.fromEntries(fresh), ...given };
	return more.length > 0
		? given
		: { ...Object.fromEntries(fresh), [name]: given };
}

/** Whether it is a tensor as `own`, but for B sequences. */
function fits(part: unknown, own: Tensor, B: number): boolean {
	if (!(part instanceof Tensor) || part.dtype !== own.dtype) return false;
	const { shape } = part;
	if (shape.length !== own.shape.length || shape[0] !== B) return false;
	for (let axis = 1; axis < shape.length; axis++)
		if (shape[axis] !== own.shape[axis]) return false;
	return true;
}

/** What a state is made of, for B sequences if said: `{ h: float32 [B=2, 4], c: float32 [B=2, 4] }`. */
function described(state: unknown, B?: number): string {
	if (state instanceof Tensor) {
		const [first, ...rest] = state.shape;
		const batch = B === undefined ? first : `B=${B}`;
		return `${state.dtype} [${[batch, ...rest].join(", ")}]`;
	}
	if (Array.isArray(state)) return `a list of ${state.length}`;
	if (typeof state !== "object" || state === null) return String(state);
	const entries = Object.entries(state).map(
		([name, part]) => `${name}: ${described(part, B)}`,
	);
	return `{ ${entries.join(", ")} }`;
}
