import { inScope } from "../scope.ts";
import { expectUnchanged, inPlaceOf } from "./readings.ts";
import { whileRecording } from "./record.ts";
import type { Operation, Tensor } from "./tensor.ts";

/**
 * Says how what one operation made can be had by many: `again` does these, and gives a new tensor for each of `made`. Whoever wants to see
 * the many, a graph or the search for a NaN, calls `unfold` on the operation.
 */
export function unfolding(
	made: readonly Tensor[],
	again: () => readonly Tensor[],
): void {
	const operation = made.find((t) => t.madeBy)?.madeBy;
	if (!operation) return;
	operation.unfold = () => {
		operation.unfold = undefined;
		if (!operation.back || isChanged(operation)) return;
		const fresh = inPlaceOf(operation.order, () =>
			inScope(operation.scope, () => whileRecording(true, again)),
		);
		made.forEach((t, i) => {
			adopt(t, fresh[i]);
		});
	};
}

/** Whether a weight is not as it was: the many would be other ones. */
function isChanged(operation: Operation): boolean {
	try {
		expectUnchanged(operation);
		return false;
	} catch {
		return true;
	}
}

/** A tensor gets the record of another with the same numbers, which no operation has read. */
function adopt(t: Tensor, other: Tensor): void {
	const { madeBy } = other;
	if (!madeBy) return;
	madeBy.outputs = madeBy.outputs.map((output) =>
		output === other ? t : output,
	);
	(t as { madeBy: Operation | null }).madeBy = madeBy;
}
