import { expectValue } from "../expect/expect.ts";
import { expectList } from "../expect/lists.ts";
import { aTensor } from "../expect/rules.ts";
import { Tensor } from "../tensor.ts";

/** @throws when x is no tensor: `tanh: x must be a Tensor, got [1, 2]; write tensor(…) around it`. */
export function expectTensor(place: string, name: string, x: Tensor): void {
	if (!(x instanceof Tensor)) expectValue(place, name, x, aTensor);
}

/** The tensors of a list. @throws when it is no list, or holds something else. */
export function expectTensors(place: string, parts: readonly Tensor[]): void {
	if (!Array.isArray(parts))
		throw new Error(`${place}: wanted a list of tensors, ${place}([a, b])`);
	for (let i = 0; i < parts.length; i++)
		expectTensor(place, `part ${i}`, parts[i]);
}

const sizes = {
	wanted: "a whole number",
	fits: (value: unknown) => Number.isSafeInteger(value),
};

/** A copy of a list of sizes or axes. @throws when it is no list of whole numbers. */
export function expectWholes(
	place: string,
	name: string,
	list: ArrayLike<number>,
): number[] {
	return expectList(place, name, list, sizes);
}
