export { backward, history } from "./tensor/backward.ts";
export {
	allocate,
	allocateLike,
	type DType,
	type Nested,
	type Shape,
	sameShape,
	sizeOf,
	uninitialised,
} from "./tensor/numbers.ts";
export type { Back, Contribution } from "./tensor/operation.ts";
export { changed, nameOf, nameWeight } from "./tensor/readings.ts";
export {
	noGrad,
	operation,
	recorded,
	result,
} from "./tensor/record.ts";
export { type Operation, Tensor } from "./tensor/tensor.ts";
export {
	keptOverSteps,
	Tracer,
	traced,
	tracedParts,
	tracedView,
} from "./tensor/trace.ts";
export { Untraceable } from "./tensor/traced.ts";
export { unfolding } from "./tensor/unfold.ts";
