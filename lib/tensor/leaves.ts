import type { StepLeaf } from "../backend/steps.ts";
import { type Shape, sameShape } from "./numbers.ts";
import type { Tensor } from "./tensor.ts";
import { isTraced, type Untraceable } from "./traced.ts";

/** What an operation of a step is given. */
export type Input = Tensor | number;

type Draft<T> = { -readonly [K in keyof T]: T[K] };
/** A leaf while the steps are traced: what it was in the first, and what it is now where steps differ. */
export type LeafDraft = Draft<StepLeaf> & {
	first: Input;
	each?: Float32Array[];
	now?: Tensor;
};

/** What the traced steps read and do not compute: weights, masks, numbers. */
export class Leaves {
	readonly all: LeafDraft[] = [];
	/** By tensor, and how it is read. */
	readonly #known = new Map<Input, Map<string, LeafDraft>>();
	readonly #refuse: (why: string) => Untraceable;

	constructor(refuse: (why: string) => Untraceable) {
		this.#refuse = refuse;
	}

	/** What the first step reads: as rows, or as the matrix right of a product. */
	add(t: Input, shape: Shape, how: "rows" | "matrix" = "rows"): LeafDraft {
		let ways = this.#known.get(t);
		if (!ways) {
			ways = new Map();
			this.#known.set(t, ways);
		}
		const key = `${how} ${shape}`;
		const known = ways.get(key);
		if (known) return known;
		if (typeof t !== "number" && t.dtype !== "float32")
			throw this.#refuse("float64");
		const number = typeof t === "number";
		const leaf: LeafDraft = {
			kind: "leaf",
			first: t,
			shape,
			data: number ? Float32Array.of(t) : (t.data as Float32Array),
			gradient: number ? false : t.requiresGrad,
		};
		ways.set(key, leaf);
		this.all.push(leaf);
		return leaf;
	}

	/** What a later step reads in the same place. @throws when it may not differ, or differs in more than its numbers. */
	again(leaf: LeafDraft, t: Input, step: number): void {
		const { first } = leaf;
		if (first === t && !leaf.each) return;
		if (
			typeof t === "number" ||
			typeof first === "number" ||
			isTraced(t) ||
			t.requiresGrad ||
			leaf.gradient ||
			t.dtype !== "float32" ||
			!sameShape(t.shape, first.shape)
		)
			throw this.#refuse(`an input that differs at t=${step}`);
		leaf.each ??= Array<Float32Array>(step).fill(leaf.data);
		if (leaf.each.length > step) {
			if (leaf.now !== t)
				throw this.#refuse(`two inputs at t=${step} where one was`);
			return;
		}
		leaf.now = t;
		leaf.each.push(t.data as Float32Array);
	}
}
