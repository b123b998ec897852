import type { Numbers } from "../backend/backend.ts";
import { expectOptions, type Rules } from "../expect/expect.ts";
import { flag, optional } from "../expect/rules.ts";
import {
	allocate,
	type Nested,
	result,
	type Shape,
	sameShape,
	Tensor,
} from "../tensor.ts";
import { reshape } from "./arrange.ts";
import { around, axisOf } from "./axis.ts";
import { expectTensor, expectWholes } from "./tensors.ts";

export interface ReduceOptions {
	/** Whether the axis stays, with a size of 1, so that the result broadcasts against x. Default: it goes away. */
	keep?: boolean;
}

const rules: Rules<ReduceOptions> = { keep: optional(flag) };
const none: ReduceOptions = {};

/** An axis, several of them, or all numbers. */
export type Axes = number | readonly number[];

/**
 * Sum over an axis, over several, `sum(x, [0, 1])`, or over all numbers to a scalar []. The axes go away, or stay with size 1: `{ keep: true }`.
 * Summed in double with compensation (Neumaier 1974), so that a million float32 lose no digits.
 * @throws when there is no such axis.
 */
export function sum(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
	return reduce("sum", x, axis, options, added(1));
}

/**
 * Mean over an axis, over several, or over all numbers to a scalar []. It is summed as `sum` is, and rounded once an axis.
 * @throws when there is no such axis.
 */
export function mean(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
	return reduce("mean", x, axis, options, (x, view) =>
		added(view.length)(x, view),
	);
}

/**
 * The largest number over an axis, over several, or over all. The gradient goes to the first that is the largest.
 * @throws when there is no such axis, or no number along it.
 */
export function max(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
	return reduce("max", x, axis, options, largest("max", 1));
}

/**
 * The smallest number over an axis, over several, or over all. The gradient goes to the first that is the smallest.
 * @throws when there is no such axis, or no number along it.
 */
export function min(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
	return reduce("min", x, axis, options, largest("min", -1));
}

/**
 * log Σ exp(x) over an axis, over several, or over all numbers, without overflow: the largest is taken out of the sum.
 * @throws when there is no such axis, or no number along it.
 */
export function logSumExp(
	x: Tensor,
	axis?: Axes,
	options?: ReduceOptions,
): Tensor {
	return reduce("logSumExp", x, axis, options, soft);
}

/**
 * The index of the largest number along an axis, the first of several; default the last axis: logits [T, B, K] give classes [T][B].
 * @throws when there is no such axis, or no number along it.
 */
export function argmax(x: Tensor, axis = -1): Nested {
	expectTensor("argmax", "x", x);
	const at = axisOf("argmax", x.shape, axis);
	const view = viewOf(x.shape, at);
	const found = places("argmax", x, view, 1);
	const indices = Float64Array.from(found, (i) => i);
	return new Tensor(indices, x.shape.toSpliced(at, 1)).toArray();
}

/** A tensor seen along one axis: index = (o · length + i) · inner + j. */
interface View {
	outer: number;
	length: number;
	inner: number;
}
const viewOf = (shape: Shape, axis: number | undefined): View =>
	axis === undefined
		? { outer: 1, length: shape.reduce((a, b) => a * b, 1), inner: 1 }
		: around(shape, axis);

/** Reduces along one axis of a view: the numbers, and how their gradient goes back. */
type Reduction = (
	x: Tensor,
	view: View,
) => { out: Numbers; back: (g: Numbers, dx: Numbers) => void };

function reduce(
	name: string,
	x: Tensor,
	axis: Axes | undefined,
	options: ReduceOptions | undefined,
	how: Reduction,
): Tensor {
	expectTensor(name, "x", x);
	const { keep = false } =
		options === undefined ? none : expectOptions(name, options, rules);
	const axes = axis === undefined ? undefined : axesOf(name, x.shape, axis);
	const shape = x.shape.flatMap((n, i) =>
		axes === undefined || axes.includes(i) ? (keep ? [1] : []) : [n],
	);
	if (axes === undefined) return along(name, x, undefined, shape, how);
	// axes side by side are one long axis
	const runs: number[][] = [];
	for (const at of axes)
		if (runs.at(-1)?.at(-1) === at - 1) runs.at(-1)?.push(at);
		else runs.push([at]);
	let reduced = x;
	for (const run of runs.toReversed()) {
		const [first] = run;
		const before = reduced.shape;
		const joined = [
			...before.slice(0, first),
			before.slice(first, first + run.length).reduce((a, b) => a * b, 1),
			...before.slice(first + run.length),
		];
		const flat = run.length === 1 ? reduced : reshape(reduced, joined);
		reduced = along(name, flat, first, joined.toSpliced(first, 1), how);
	}
	return sameShape(reduced.shape, shape) ? reduced : reshape(reduced, shape);
}

/** The axes counted from the front, in order. @throws when one is not there, or given twice. */
function axesOf(name: string, shape: Shape, axis: Axes): number[] {
	if (!Array.isArray(axis)) return [axisOf(name, shape, axis as number)];
	const axes = expectWholes(name, "axes", axis)
		.map((at) => axisOf(name, shape, at))
		.sort((a, b) => a - b);
	if (axes.length === 0 || axes.some((at, i) => at === axes[i - 1]))
		throw new Error(
			`${name}: axes must be different axes of [${shape.join(", ")}], got [${axis.join(", ")}]`,
		);
	return axes;
}

function along(
	name: string,
	x: Tensor,
	axis: number | undefined,
	shape: Shape,
	how: Reduction,
): Tensor {
	const { out, back } = how(x, viewOf(x.shape, axis));
	return result(name, [x], out, shape, (g) => {
		const dx = allocate(x.dtype, x.size);
		back(g, dx);
		return [dx];
	});
}

/** Σ x / share */
function added(share: number): Reduction {
	return (x, { outer, length, inner }) => {
		const out = allocate(x.dtype, outer * inner);
		for (let o = 0; o < outer; o++)
			for (let j = 0; j < inner; j++) {
				let total = 0;
				let lost = 0;
				for (let i = 0; i < length; i++) {
					const next = x.data[(o * length + i) * inner + j];
					const grown = total + next;
					lost +=
						Math.abs(total) >= Math.abs(next)
							? total - grown + next
							: next - grown + total;
					total = grown;
				}
				// An infinite sum has no lost digits: ∞ − ∞ would make it NaN.
				const all = Number.isFinite(total) ? total + lost : total;
				out[o * inner + j] = all / share;
			}
		const back = (g: Numbers, dx: Numbers) => {
			for (let o = 0; o < outer; o++)
				for (let i = 0; i < length; i++)
					for (let j = 0; j < inner; j++)
						dx[(o * length + i) * inner + j] = g[o * inner + j] / share;
		};
		return { out, back };
	};
}

/** Of each line along the axis, the index of the first number that is the largest, or with a sign of −1 the smallest. NaN counts as both. */
function places(name: string, x: Tensor, view: View, sign: 1 | -1): Int32Array {
	const { outer, length, inner } = view;
	if (length === 0)
		throw new Error(
			`${name}: the axis must have at least one number, got [${x.shape.join(", ")}]`,
		);
	const found = new Int32Array(outer * inner);
	for (let o = 0; o < outer; o++)
		for (let j = 0; j < inner; j++) {
			let best = 0;
			let value = x.data[o * length * inner + j];
			for (let i = 1; i < length; i++) {
				const next = x.data[(o * length + i) * inner + j];
				const lost = Number.isNaN(next) && !Number.isNaN(value);
				if (lost || sign * next > sign * value) {
					best = i;
					value = next;
				}
			}
			found[o * inner + j] = best;
		}
	return found;
}

function largest(name: string, sign: 1 | -1): Reduction {
	return (x, view) => {
		const { length, inner } = view;
		const found = places(name, x, view, sign);
		const at = (line: number) =>
			(Math.floor(line / inner) * length + found[line]) * inner +
			(line % inner);
		const out = allocate(x.dtype, found.length);
		for (let line = 0; line < out.length; line++) out[line] = x.data[at(line)];
		const back = (g: Numbers, dx: Numbers) => {
			for (let line = 0; line < g.length; line++) dx[at(line)] = g[line];
		};
		return { out, back };
	};
}

const soft: Reduction = (x, view) => {
	const { outer, length, inner } = view;
	const tops = places("logSumExp", x, view, 1);
	const out = allocate(x.dtype, outer * inner);
	/** Apart from the largest: their sum would lose digits of the shares. */
	const logs = new Float64Array(out.length);
	const first = (line: number) =>
		Math.floor(line / inner) * length * inner + (line % inner);
	const top = (line: number) => x.data[first(line) + tops[line] * inner];
	for (let line = 0; line < out.length; line++) {
		const most = top(line);
		let sum = 0;
		if (Number.isFinite(most))
			for (let i = 0; i < length; i++)
				sum += Math.exp(x.data[first(line) + i * inner] - most);
		else sum = 1;
		logs[line] = Math.log(sum);
		out[line] = most + logs[line];
	}
	const back = (g: Numbers, dx: Numbers) => {
		for (let line = 0; line < g.length; line++)
			for (let i = 0; i < length; i++) {
				const at = first(line) + i * inner;
				const off = x.data[at] - top(line) - logs[line];
				dx[at] = g[line] * Math.exp(off);
			}
	};
	return { out, back };
};
