import { expectOptions, type Rules } from "../expect/expect.ts";
import { dtype as dtypeRule, optional, size } from "../expect/rules.ts";
import { allocate, type DType, Tensor } from "../tensor.ts";
import { flatIds, type Ids } from "./select.ts";

export interface OneHotOptions {
	/** K: how many classes there are. */
	classes: number;
	dtype?: DType;
}

const rules: Rules<OneHotOptions> = {
	classes: size,
	dtype: optional(dtypeRule),
};

/**
 * A vector for each id, 1 at its class and 0 elsewhere: ids [T, B] give [T, B, K]. An id of −1, padding, gives zeros.
 * @throws when an id is not one of 0 … K − 1, or −1: which, and where.
 */
export function oneHot(ids: Ids, options: OneHotOptions): Tensor {
	const { classes, dtype = "float32" } = expectOptions(
		"oneHot",
		options,
		rules,
	);
	const { ids: flat, shape } = flatIds("oneHot: ids", ids);
	const data = allocate(dtype, flat.length * classes);
	flat.forEach((id, i) => {
		if (id < -1 || id >= classes)
			throw new Error(
				`oneHot: id ${id} at ${i} is not one of 0 … ${classes - 1} (or −1, zeros)`,
			);
		if (id >= 0) data[i * classes + id] = 1;
	});
	return new Tensor(data, [...shape, classes]);
}
