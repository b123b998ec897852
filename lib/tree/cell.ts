import type { Tap } from "../cells/cell.ts";
import { type Place, pickRows } from "../ops/rows.ts";
import type { DType, Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";

/** What a node hands to its parents: `h` is its output, the rest its memory, each [B, H]. */
export type NodeState = { readonly h: Tensor } & Readonly<
	Record<string, Tensor>
>;

/** One node of a recursive network and its weights; `fold` runs it over trees. */
export interface TreeCell<W extends Weights = Weights> {
	readonly name: string;
	/** Size of x [B, inputs]. */
	readonly inputs: number;
	/** Size of h [B, hidden]. */
	readonly hidden: number;
	/** How many children a node may have at most. */
	readonly places: number;
	/** The parts of the state by name, `h` first. */
	readonly state: readonly string[];
	readonly weights: W;
	/** B nodes of one level: their labels' x [B, D] and their children → their state. */
	step(x: Tensor, children: Children, tap?: Tap): NodeState;
}

/** The children of the nodes of one level, E in all. */
export interface Children {
	/** Of each child the row of its parent among the nodes of the level. */
	readonly parents: readonly number[];
	/** A part of the states of all children, side by side [E, H]. */
	all(part: string): Tensor;
	/** A part of the states of the k-th child of each node [B, H]; zeros where there is none, the fixed `nil` vector. */
	at(k: number, part: string): Tensor;
}

/** The children of one level, where `states` are those of the levels below, and `places` say for each node where its children are. */
export function childrenOfLevel(
	states: readonly NodeState[],
	places: readonly (readonly (Place | null)[])[],
	hidden: number,
	dtype: DType,
): Children {
	const there = places.flatMap((own, parent) =>
		own.flatMap((place) => (place ? [{ place, parent }] : [])),
	);
	const pick = (part: string, picked: readonly (Place | null)[]) =>
		pickRows((level) => states[level][part], picked, hidden, dtype);
	return {
		parents: there.map(({ parent }) => parent),
		all: (part) =>
			pick(
				part,
				there.map(({ place }) => place),
			),
		at: (k, part) =>
			pick(
				part,
				places.map((own) => own[k] ?? null),
			),
	};
}
