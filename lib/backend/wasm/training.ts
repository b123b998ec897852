import type { Backend, Numbers } from "../backend.ts";
import { plain } from "../plain.ts";
import type { Arrays } from "./arrays.ts";
import type { Engine } from "./engine.ts";
import { float32 } from "./float32.ts";

/** Losses, norms and the steps of optimisers. */
export function training(
	{ memory, kernels }: Engine,
	arrays: Arrays,
): Pick<
	Backend,
	"crossEntropy" | "squaredNorm" | "squaredError" | "scale" | "sgd" | "adam"
> {
	return {
		crossEntropy(rows, columns, logits, targets, gradient) {
			if (!float32(logits) || (gradient && !float32(gradient)))
				return plain.crossEntropy(rows, columns, logits, targets, gradient);
			return arrays.within(() => {
				const to = gradient ? arrays.to(gradient) : 0;
				const loss = kernels.crossEntropy(
					...([rows, columns, arrays.from(logits)] as const),
					...([arrays.from(targets), to] as const),
				);
				if (gradient) arrays.settle(gradient, to);
				return loss;
			});
		},

		squaredNorm(x) {
			const at = placeOf(x);
			return at === undefined
				? plain.squaredNorm(x)
				: kernels.squaredNorm(x.length, at);
		},
		squaredError(y, target, factor, d) {
			if (!float32(y) || !float32(target) || !float32(d))
				return plain.squaredError(y, target, factor, d);
			return arrays.within(() => {
				const to = arrays.to(d);
				const sum = kernels.squaredError(
					...([y.length, arrays.from(y), arrays.from(target)] as const),
					...([factor, to] as const),
				);
				arrays.settle(d, to);
				return sum;
			});
		},
		scale(x, factor) {
			const at = placeOf(x);
			if (at === undefined) plain.scale(x, factor);
			else kernels.scale(x.length, factor, at);
		},

		sgd(w, g, v, rate, momentum) {
			const at = placeOf(w);
			if (at === undefined || !float32(g) || (v && !float32(v)))
				return plain.sgd(w, g, v, rate, momentum);
			arrays.within(() => {
				const velocity = v ? arrays.from(v) : 0;
				kernels.sgd(w.length, at, arrays.from(g), velocity, rate, momentum);
				if (v) arrays.settle(v, velocity);
			});
		},
		adam(w, g, m, v, rule) {
			const at = placeOf(w);
			if (at === undefined || !float32(g) || !float32(m) || !float32(v))
				return plain.adam(w, g, m, v, rule);
			const { rate, beta1, beta2, epsilon, correction1, correction2 } = rule;
			arrays.within(() => {
				const [mean, square] = [arrays.from(m), arrays.from(v)];
				// Arguments one by one: for a small network, spreading an array takes as long as the step itself.
				kernels.adam(
					w.length,
					at,
					arrays.from(g),
					mean,
					square,
					beta1,
					beta2,
					1 - beta1,
					1 - beta2,
					rate / correction1,
					1 / Math.sqrt(correction2),
					epsilon,
				);
				arrays.settle(m, mean);
				arrays.settle(v, square);
			});
		},
	};

	/** The address of numbers that lie in the kernels' memory. */
	function placeOf(x: Numbers): number | undefined {
		return float32(x) ? memory.addressOf(x) : undefined;
	}
}
