import { backendOf } from "../../backend/current.ts";
import { expectOptions, type Rules } from "../../expect/expect.ts";
import { expectList } from "../../expect/lists.ts";
import { anything, optional, positive } from "../../expect/rules.ts";
import { expectTensor } from "../../ops/tensors.ts";
import {
	allocate,
	result,
	sameShape,
	type Tensor,
	uninitialised,
} from "../../tensor.ts";
import { counted, type Mask } from "./mask.ts";

export interface MaskOptions {
	/** How much each number counts, of the targets' shape or its first axes; 0 leaves it out. The loss is Σ w·loss / Σ w. */
	mask?: Mask;
}

const maskRules: Rules<MaskOptions> = { mask: anything }; // by `counted`, which knows the shape
const none: MaskOptions = {};
const withMask = (place: string, options?: MaskOptions): MaskOptions =>
	options === undefined ? none : expectOptions(place, options, maskRules);

/**
 * Mean of (y − target)² over all numbers.
 * @throws when the shapes or types differ: a target that is broadcast is a mistake more often than a wish.
 */
export function meanSquaredError(
	y: Tensor,
	target: Tensor,
	options?: MaskOptions,
): Tensor {
	const place = "meanSquaredError";
	const { mask } = withMask(place, options);
	if (mask === undefined) return squaredError(place, y, target);
	return mean(place, y, target, mask, (e) => [e * e, 2 * e]);
}

/**
 * Mean of |y − target| over all numbers: errors far off count less than by their squares, and the best constant is the median.
 * @throws when the shapes or types differ.
 */
export function meanAbsoluteError(
	y: Tensor,
	target: Tensor,
	options?: MaskOptions,
): Tensor {
	const place = "meanAbsoluteError";
	const { mask } = withMask(place, options);
	return mean(place, y, target, mask, (e) => [Math.abs(e), Math.sign(e)]);
}

export interface HuberOptions extends MaskOptions {
	/** δ: the error up to which its square counts; default 1. */
	delta?: number;
}

const huberRules: Rules<HuberOptions> = {
	...maskRules,
	delta: optional(positive),
};

/**
 * Huber's loss (1964): e²/2 for an error up to δ, and δ·(|e| − δ/2) beyond it: smooth near 0, and not ruled by a few errors far off.
 * @throws when the shapes or types differ, or δ is not positive.
 */
export function huber(
	y: Tensor,
	target: Tensor,
	options: HuberOptions = {},
): Tensor {
	const { delta = 1, mask } = expectOptions("huber", options, huberRules);
	return mean("huber", y, target, mask, (e) =>
		Math.abs(e) <= delta
			? [(e * e) / 2, e]
			: [delta * (Math.abs(e) - delta / 2), delta * Math.sign(e)],
	);
}

/**
 * Mean of binary cross-entropy over all numbers, in nats, from logits: −t·log σ(x) − (1 − t)·log(1 − σ(x)), without overflow. Targets lie
 * between 0 and 1; σ(x) is the probability of 1.
 * @throws when the shapes or types differ, or a target is not from 0 to 1.
 */
export function binaryCrossEntropy(
	logits: Tensor,
	targets: Tensor,
	options?: MaskOptions,
): Tensor {
	const place = "binaryCrossEntropy";
	const { mask } = withMask(place, options);
	expectAlike(place, "logits", logits, targets);
	const wrong = targets.data.findIndex((t) => !(t >= 0 && t <= 1));
	if (wrong >= 0)
		throw new Error(
			`${place}: targets must be from 0 to 1, got ${targets.data[wrong]} at ${wrong}`,
		);
	return mean(
		place,
		logits,
		targets,
		mask,
		(_, x, t) => [
			Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x))),
			1 / (1 + Math.exp(-x)) - t,
			-x,
		],
		"logits",
	);
}

export interface QuantileOptions extends MaskOptions {
	/** Which quantiles the last axis of y holds [Q], each between 0 and 1: `[0.1, 0.5, 0.9]`. */
	quantiles: ArrayLike<number>;
}

const quantileRules: Rules<QuantileOptions> = {
	...maskRules,
	quantiles: anything, // by `expectList`
};
const aQuantile = {
	wanted: "a number between 0 and 1",
	fits: (value: unknown) => typeof value === "number" && value > 0 && value < 1,
};

/**
 * Quantile loss, also called pinball loss (Koenker and Bassett 1978): y [..., Q] holds quantiles of what the targets [...] may be.
 *
 * ```text
 * e = target − y,    loss = q·e where e ≥ 0, (q − 1)·e where it is below        mean over all numbers of y
 * ```
 *
 * For q = 0.9 a target above y costs nine times what one below it costs, so that nine targets of ten lie below the y that costs least.
 * @throws when y is not the targets' shape with Q more, or a quantile is not between 0 and 1.
 */
export function quantileLoss(
	y: Tensor,
	targets: Tensor,
	options: QuantileOptions,
): Tensor {
	const place = "quantileLoss";
	const { quantiles, mask } = expectOptions(place, options, quantileRules);
	const q = expectList(place, "quantiles", quantiles, aQuantile);
	expectTensor(place, "y", y);
	expectTensor(place, "targets", targets);
	const wanted = [...targets.shape, q.length];
	if (!sameShape(y.shape, wanted) || y.dtype !== targets.dtype)
		throw new Error(
			`${place}: y must be ${targets.dtype} [${wanted.join(", ")}], got ${y.dtype} [${y.shape.join(", ")}]`,
		);
	const { weights, total } = counted(place, mask, targets.shape);
	const [dy, dTargets] = [y, targets].map((t) => allocate(t.dtype, t.size));
	let sum = 0;
	for (let i = 0; i < targets.size; i++) {
		const w = (weights?.[i] ?? 1) / (total * q.length);
		if (w === 0) continue;
		for (let k = 0; k < q.length; k++) {
			const e = targets.data[i] - y.data[i * q.length + k];
			const slope = e >= 0 ? q[k] : q[k] - 1;
			sum += w * slope * e;
			dy[i * q.length + k] = -w * slope;
			dTargets[i] += w * slope;
		}
	}
	return scalar(place, y, targets, sum, dy, dTargets);
}

/** The loss of an error e = y − target, its slope by y, and by the target where that is not the slope's negative. */
type Point = (
	e: number,
	y: number,
	target: number,
) => readonly [loss: number, slope: number, byTarget?: number];

/** Σ w·loss / Σ w, in one pass there and one back. */
function mean(
	place: string,
	y: Tensor,
	target: Tensor,
	mask: Mask | undefined,
	of: Point,
	name = "y",
): Tensor {
	expectAlike(place, name, y, target);
	const { weights, total } = counted(place, mask, y.shape);
	const [dy, dTarget] = [y, target].map((t) => allocate(t.dtype, t.size));
	let sum = 0;
	for (let i = 0; i < y.size; i++) {
		const w = (weights?.[i] ?? 1) / total;
		if (w === 0) continue; // whatever stands there, a NaN too
		const [a, b] = [y.data[i], target.data[i]];
		const [loss, slope, byTarget = -slope] = of(a - b, a, b);
		sum += w * loss;
		dy[i] = w * slope;
		dTarget[i] = w * byTarget;
	}
	return scalar(place, y, target, sum, dy, dTarget);
}

function scalar(
	place: string,
	y: Tensor,
	target: Tensor,
	value: number,
	dy: Tensor["data"],
	dTarget: Tensor["data"],
): Tensor {
	const loss = allocate(y.dtype, 1);
	loss[0] = value;
	return result(place, [y, target], loss, [], (g) => {
		const scaled = (d: Tensor["data"]) => {
			if (g[0] !== 1) backendOf(d).scale(d, g[0]);
			return d;
		};
		return [scaled(dy), target.requiresGrad ? scaled(dTarget) : undefined];
	});
}

function expectAlike(
	place: string,
	name: string,
	y: Tensor,
	target: Tensor,
): void {
	const other = name === "logits" ? "targets" : "target";
	expectTensor(place, name, y);
	expectTensor(place, other, target);
	if (!sameShape(y.shape, target.shape))
		throw new Error(
			`${place}: ${other} must be [${y.shape.join(", ")}], got [${target.shape.join(", ")}]`,
		);
	if (y.dtype !== target.dtype)
		throw new Error(`${place}: ${y.dtype} and ${target.dtype} do not mix`);
}

/** One pass over the numbers where `mean(square(sub(y, target)))` would take three there and three back. */
function squaredError(place: string, y: Tensor, target: Tensor): Tensor {
	expectAlike(place, "y", y, target);
	const dy = uninitialised(y.dtype, y.size);
	const loss = allocate(y.dtype, 1);
	loss[0] =
		backendOf(dy).squaredError(y.data, target.data, 2 / y.size, dy) / y.size;
	return result(place, [y, target], loss, [], (g) => {
		if (g[0] !== 1) backendOf(dy).scale(dy, g[0]);
		const dTarget = target.requiresGrad ? dy.map((d) => -d) : undefined;
		return [dy, dTarget];
	});
}
