import { restoring } from "../backend/termination.ts";
import { expectValue } from "../expect/expect.ts";
import { aTensor, callable } from "../expect/rules.ts";
import { backward, noGrad, type Tensor } from "../tensor.ts";
import { type WeightSet, weightList } from "./weights.ts";

/**
 * The largest relative error between the gradients of `loss` by `backward()` and by finite differences, over all numbers of `inputs`.
 *
 * Differences are central and of fourth order, with a step of 10⁻³. The error is |a − n| / max(|a|, |n|, 10⁻³): below 10⁻⁶ in
 * float64 the gradients are right. `loss` must give the same value each time it is called.
 * The inputs are as they were afterwards, and no weight keeps a gradient.
 * @throws when an input is not float64: float32 has too few digits for this.
 */
export function checkGradients(loss: () => Tensor, inputs: WeightSet): number {
	expectValue("checkGradients", "the loss", loss, callable);
	const checked = weightList("checkGradients", inputs);
	for (const x of checked) {
		if (x.dtype !== "float64")
			throw new Error("checkGradients: inputs must be float64");
		x.grad = null;
	}
	let reached = checked;
	const h = 1e-3;
	let worst = 0;
	/** The loss with another number in the place of one. */
	const at = (x: Tensor, i: number, value: number): number => {
		const kept = x.data[i];
		const restore = () => {
			x.data[i] = kept;
		};
		return restoring(restore, () => {
			x.data[i] = value;
			return noGrad(() => lossOf(loss).item());
		});
	};
	const clear = () => {
		for (const x of reached) x.grad = null;
	};
	return restoring(clear, () => {
		reached = backward(lossOf(loss));
		for (const x of checked)
			for (let i = 0; i < x.size; i++) {
				const v = x.data[i];
				const near = at(x, i, v + h) - at(x, i, v - h);
				const far = at(x, i, v + 2 * h) - at(x, i, v - 2 * h);
				const numeric = (8 * near - far) / (12 * h);
				const analytic = x.grad?.data[i] ?? 0;
				const scale = Math.max(Math.abs(analytic), Math.abs(numeric), 1e-3);
				const error = Math.abs(analytic - numeric) / scale;
				worst = Math.max(worst, error); // which keeps a NaN
			}
		return worst;
	});
}

function lossOf(loss: () => Tensor): Tensor {
	const value = loss();
	expectValue("checkGradients", "what the loss returns", value, aTensor);
	return value;
}
