import { inScope } from "../scope.ts";
import { expectUnchanged, inPlaceOf } from "./readings.ts";
import { whileRecording } from "./record.ts";
import type { Operation, Tensor } from "./tensor.ts";

/**
 * Registers how the results `made` of one operation can be computed by many small ones: `again` runs these, and returns a new tensor for
 * each result. Who needs to see the small ones, a graph or the search for a NaN, calls the operation's `unfold`, and they take its place.
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

/** Whether a weight has changed since the operation read it: the small ones would give other numbers. */
function isChanged(operation: Operation): boolean {
	try {
		expectUnchanged(operation);
		return false;
	} catch {
		return true;
	}
}

/** Gives a tensor the record of another that has the same numbers and that no operation has read. */
function adopt(t: Tensor, other: Tensor): void {
	const { madeBy } = other;
	if (!madeBy) return;
	madeBy.outputs = madeBy.outputs.map((output) =>
		output === other ? t : output,
	);
	(t as { madeBy: Operation | null }).madeBy = madeBy;
}
