import type { Cell } from "../cells/cell.ts";
import type { Tensor } from "../tensor.ts";
import type { Layer } from "./layer.ts";

type Part = Layer<never>;

/**
 * What a layer of the library is made of, for what reads a network instead of running it, such as `toOnnx`.
 * A layer of one's own has none: its function cannot be read.
 */
export type Structure =
	| { readonly is: "chain"; readonly links: readonly Part[] }
	| { readonly is: "function"; readonly apply: (x: Tensor) => Tensor }
	| { readonly is: "unroll"; readonly cell: Cell }
	| { readonly is: "reversed" | "residual"; readonly inner: Part }
	| {
			readonly is: "bidirectional";
			readonly forward: Part;
			readonly backward: Part;
			readonly merge: "concat" | "sum";
	  }
	| { readonly is: "layerNorm"; readonly epsilon: number }
	| { readonly is: "lastStep"; readonly directions: 1 | 2 }
	| { readonly is: "repeatOverTime"; readonly steps: number }
	| { readonly is: "dense" | "tied" | "embedding" }
	| { readonly is: "meanOverTime" | "maxOverTime" }
	/** Does something in training alone; `inner` is what it does in evaluation, if not nothing. */
	| { readonly is: "training"; readonly inner?: Part };
