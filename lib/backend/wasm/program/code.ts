import type { StepLeaf } from "../../steps.ts";
import type { WasmMemory } from "../memory.ts";

/** Rows [B, width]: the same for all steps, or with `kept` rows of its own for each step. Each part of a batch places it anew. */
export class Block {
	readonly kind = "block";
	readonly width: number;
	/** Steps beyond T: the state has one more. */
	readonly more: number;
	/** Whether each step has rows of its own. */
	kept = false;
	/** Whether it holds one block of steps, which the next block overwrites. */
	again = false;
	/** Address, and bytes from step to step and from row to row. */
	at = 0;
	step = 0;
	row = 0;

	constructor(width: number, more = 0) {
		this.width = width;
		this.more = more;
	}

	/** Places it at an address, its rows one after the other, `rows` of them for each step. */
	place(at: number, rows: number): void {
		this.at = at;
		this.row = this.width * 4;
		this.step = this.kept ? rows * this.row : 0;
	}
}

/** Some columns of a block, `shift` steps later. */
export interface View {
	readonly block: Block;
	readonly column: number;
	readonly shift: number;
}

export const all = (block: Block): View => ({ block, column: 0, shift: 0 });
export const columns = (view: View, from: number): View => ({
	...view,
	column: view.column + from,
});
export const same = (a: View, b: View): boolean =>
	a.block === b.block && a.column === b.column && a.shift === b.shift;

/** Whether views are adjacent columns of one block, of these widths. */
export function adjacent(
	views: readonly (View | undefined)[],
	widths: readonly number[],
): boolean {
	const [first] = views;
	let column = first?.column ?? 0;
	return views.every((view, i) => {
		const fits =
			view?.block === first?.block &&
			view?.shift === first?.shift &&
			view?.column === column;
		column += widths[i];
		return fits && view !== undefined;
	});
}

/** What an instruction reads or writes. */
export type Place = View | StepLeaf;

/** An instruction: constants.ts numbers the operations, and kernels/program.ts runs them. */
export interface Code {
	readonly op: number;
	/** Columns. */
	readonly width: number;
	readonly add?: boolean;
	readonly out: Place;
	/** Whether the result is summed over the rows. */
	readonly sum?: boolean;
	readonly a?: Place;
	readonly b?: Place;
	readonly c?: Place;
	/** Of a product: its K, and the address of the packed matrix once it is packed. */
	readonly K?: number;
	readonly packed?: { at: number };
	/** A row that a gradient is multiplied by first. */
	readonly row?: StepLeaf;
	/** How many rows, where it is not once for each of the batch; of a sum over rows none: those of a block of steps. */
	readonly rows?: number;
	/** Where a product packs. */
	readonly work?: number;
}

/** Whether a leaf is one number for all columns. */
export function single({ shape }: StepLeaf): boolean {
	return (shape[shape.length - 1] ?? 1) === 1;
}

/** The order of the words of an instruction is that of the fields in kernels/program.ts. */
export const WORDS = 16;

/** Writes instructions into the kernels' memory, until the end of the call; returns their address. */
export function writeCode(
	memory: WasmMemory,
	codes: readonly Code[],
	leafAt: (leaf: StepLeaf) => Block,
): number {
	const start = memory.borrow(codes.length * WORDS * 4);
	const { words } = memory;
	let at = start / 4;
	const put = (place: Place | undefined, sum = false) => {
		if (place === undefined) {
			words.fill(0, at, at + 3);
			at += 3;
			return;
		}
		const { block, column, shift } =
			"kind" in place ? all(leafAt(place)) : place;
		words[at++] = block.at + column * 4 + shift * block.step;
		words[at++] = block.step + Number(block.again);
		words[at++] = sum ? 0 : block.row;
	};
	const one = (place: Place | undefined, bit: number) =>
		place && "kind" in place && single(place) ? bit : 0;
	for (const { op, width, add, out, sum, a, b, c, ...more } of codes) {
		words[at++] = op;
		words[at++] = width;
		words[at++] = Number(add ?? false);
		words[at++] = more.row
			? leafAt(more.row).at
			: (more.K ?? one(a, 1) + one(b, 2) + one(c, 4));
		put(out, sum);
		put(a);
		put(b);
		if (more.packed) words[at - 3] = more.packed.at;
		put(c);
		if (more.work !== undefined) words[at - 3] = more.work;
		if (more.rows !== undefined) words[at - 1] = more.rows;
	}
	return start;
}
