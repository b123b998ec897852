import type { LayerState } from "../layers/layer.ts";
import { Tensor, uninitialised } from "../tensor.ts";

/** A state for B texts out of several: text b has its rows of the state with the number `from[b]`. */
export function pickState(
	states: readonly LayerState[],
	from: readonly number[],
): LayerState {
	const [first] = states;
	if (from.every((i) => i === from[0])) return states[from[0]];
	if (first === undefined) return undefined;
	if (first instanceof Tensor) {
		const B = from.length;
		const run = first.size / B;
		const data = uninitialised(first.dtype, first.size);
		from.forEach((i, b) => {
			const rows = (states[i] as Tensor).data;
			data.set(rows.subarray(b * run, (b + 1) * run), b * run);
		});
		return new Tensor(data, first.shape);
	}
	const inner = (name: string | number) =>
		pickState(
			states.map((state) => (state as Record<string, LayerState>)[name]),
			from,
		);
	if (Array.isArray(first)) return first.map((_, i) => inner(i));
	return Object.fromEntries(
		Object.keys(first).map((name) => [name, inner(name)]),
	);
}
