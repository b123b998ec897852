import type { Backend, Combination, Numbers } from "../backend.ts";
import { plain } from "../plain.ts";
import { type Arrays, LARGE } from "./arrays.ts";
import { ADD, MUL, SIGMOID_BACK, SUB, TANH_BACK } from "./constants.ts";
import type { Engine } from "./engine.ts";
import { float32 } from "./float32.ts";

const combinations: Record<Combination, number> = {
	add: ADD,
	sub: SUB,
	mul: MUL,
	tanhBack: TANH_BACK,
	sigmoidBack: SIGMOID_BACK,
};

/** Fewer random numbers are drawn faster in JavaScript than by a call of a kernel. */
const SOONER = 64;

/** Elementwise functions, and functions of rows. */
export function pointwise(
	{ memory, kernels }: Engine,
	arrays: Arrays,
): Pick<
	Backend,
	"tanh" | "sigmoid" | "exp" | "combine" | "draw" | "softmax" | "logSoftmax"
> {
	/** out ← kernel(x), elementwise */
	const map =
		(kernel: string, meaning: (x: Numbers, out: Numbers) => void) =>
		(x: Numbers, out: Numbers) => {
			if (!float32(x) || !float32(out)) return meaning(x, out);
			arrays.within(() => {
				const to = arrays.to(out);
				kernels[kernel](x.length, arrays.from(x), to);
				arrays.settle(out, to);
			});
		};
	/** out ← kernel(x) over rows */
	const mapRows =
		(kernel: "softmax" | "logSoftmax") =>
		(rows: number, columns: number, x: Numbers, out: Numbers) => {
			if (!float32(x) || !float32(out))
				return plain[kernel](rows, columns, x, out);
			arrays.within(() => {
				const to = arrays.to(out);
				kernels[kernel](rows, columns, arrays.from(x), to);
				arrays.settle(out, to);
			});
		};

	return {
		tanh: map("tanhOf", plain.tanh),
		sigmoid: map("sigmoidOf", plain.sigmoid),
		exp: map("expOf", plain.exp),
		combine(how, x, y, out) {
			if (!float32(x) || !float32(y) || !float32(out) || out.length < LARGE)
				return plain.combine(how, x, y, out);
			arrays.within(() => {
				const to = arrays.to(out);
				kernels.combine(
					...([combinations[how], out.length] as const),
					...([arrays.from(x), x.length] as const),
					...([arrays.from(y), y.length, to] as const),
				);
				arrays.settle(out, to);
			});
		},
		draw(state, probability, one, out) {
			if (!float32(out) || out.length < SOONER)
				return plain.draw(state, probability, one, out);
			arrays.within(() => {
				const [words, to] = [arrays.from(state), arrays.to(out)];
				kernels.draw(out.length, probability * 2 ** 53, one, words, to);
				state.set(memory.words.subarray(words / 4, words / 4 + 4));
				arrays.settle(out, to);
			});
		},
		softmax: mapRows("softmax"),
		logSoftmax: mapRows("logSoftmax"),
	};
}
