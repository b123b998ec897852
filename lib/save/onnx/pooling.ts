import type { Structure } from "../../layers/types.ts";
import type { Builder, Value } from "./graph.ts";

/** From [T, B, H] to [B, H]. */
export function addPooling(
	builder: Builder,
	place: string,
	structure: Structure,
	x: Value,
): Value {
	const name =
		structure.is === "lastStep"
			? lastStep(builder, place, structure.directions, x)
			: structure.is === "maxOverTime"
				? maximum(builder, place, x)
				: mean(builder, place, x);
	return { ...x, name, steps: false };
}

/** The last step of each sequence; of two directions, the second half of the first step, where the backward one ends. */
function lastStep(
	builder: Builder,
	place: string,
	directions: 1 | 2,
	x: Value,
): string {
	const step = (value: Value, t: number) =>
		builder.add(place, "Gather", [value.name, builder.integers([t], [])], {
			axis: 0n,
		});
	const last = builder.lengthsOf(x)
		? step(builder.turned(place, x), 0)
		: step(x, -1);
	if (directions === 1) return last;
	const H = x.width as number;
	const half = (value: string, from: number) =>
		builder.add(place, "Slice", [
			value,
			...[[from], [from + H / 2], [1]].map((at) => builder.integers(at)),
		]);
	const ends = [half(last, 0), half(step(x, 0), H / 2)];
	return builder.add(place, "Concat", ends, { axis: 1n });
}

function maximum(builder: Builder, place: string, x: Value): string {
	const { name } = builder.cleared(place, x, -Infinity);
	const over = { axes: [0n], keepdims: 0n };
	return builder.add(place, "ReduceMax", [name], over);
}

/** The mean over T steps, or over those that each sequence has. */
function mean(builder: Builder, place: string, x: Value): string {
	const { name } = builder.cleared(place, x);
	const lengths = builder.lengthsOf(x);
	const over = { axes: [0n], keepdims: 0n };
	if (!lengths) return builder.add(place, "ReduceMean", [name], over);
	const sums = builder.add(place, "ReduceSum", [name, builder.integers([0])], {
		keepdims: 0n,
	});
	const counts = builder.add(place, "Unsqueeze", [
		builder.add(place, "Cast", [lengths], { to: 1n }),
		builder.integers([1]),
	]);
	return builder.add(place, "Div", [sums, counts]);
}
