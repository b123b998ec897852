import { backendOf } from "../../backend/current.ts";
import { expectOptions, type Rules } from "../../expect/expect.ts";
import { expectList } from "../../expect/lists.ts";
import {
	anything,
	finite,
	notNegative,
	optional,
	size,
	source,
} from "../../expect/rules.ts";
import { flatIds, type Ids } from "../../ops/select.ts";
import { expectTensor } from "../../ops/tensors.ts";
import type { Random } from "../../random.ts";
import { allocate, result, sameShape, Tensor } from "../../tensor.ts";
import { counted, type Mask } from "./mask.ts";

/** How the outputs of a network are read as a density over movements of a pen. */
export interface MixtureOptions {
	/** M: how many bivariate Gaussians. */
	components: number;
	/** P: how many states the pen has, such as 2 (draws on, lifted); default 2. */
	pens?: number;
	/** Added to each standard deviation, so that none becomes 0; default 0. */
	least?: number;
}

export interface MixtureLossOptions extends MixtureOptions {
	/** How much each point counts, of the pens' shape; 0 leaves it out, as a pen of −1 does. */
	mask?: Mask;
}

const mixtureRules: Rules<MixtureOptions> = {
	components: size,
	pens: optional(size),
	least: optional(notNegative),
};
const lossRules: Rules<MixtureLossOptions> = {
	...mixtureRules,
	mask: anything,
};

/** A density over the next movement of a pen, read from one row of a network's outputs. */
export interface Mixture {
	components: {
		/** Its share; they sum to 1. */
		weight: number;
		/** Of Δx and Δy. */
		mean: [number, number];
		deviation: [number, number];
		correlation: number;
	}[];
	/** The probability of each state of the pen. */
	pens: number[];
}

/** Where in a row of 6M + P outputs each part begins. */
const parts = (M: number) => ({
	weight: 0,
	x: M,
	y: 2 * M,
	sx: 3 * M,
	sy: 4 * M,
	rho: 5 * M,
	pen: 6 * M,
});

/** log Σ exp of some numbers of a row. */
function logTotal(row: ArrayLike<number>, from: number, count: number): number {
	let top = -Infinity;
	for (let j = from; j < from + count; j++) top = Math.max(top, row[j]);
	let sum = 0;
	for (let j = from; j < from + count; j++) sum += Math.exp(row[j] - top);
	return top + Math.log(sum);
}

/** log(1 − tanh² r) = −2·log cosh r, without losing its digits where tanh r is nearly 1. */
const logRest = (r: number) =>
	2 * (Math.LN2 - Math.abs(r) - Math.log1p(Math.exp(-2 * Math.abs(r))));

/**
 * Mixture density loss for the movements of a pen (Graves 2013, Generating Sequences With Recurrent Neural Networks, arXiv:1308.0850, eq. 15–26):
 * the mean over all points of −log p(Δx, Δy) − log p(pen), in nats.
 *
 * A row of outputs holds, each M numbers: logits of the weights, μx, μy, log σx, log σy, and what tanh makes the correlation; then P logits of
 * the pen's state.
 *
 * ```text
 * p(Δ) = Σⱼ πⱼ·N(Δ | μⱼ, σⱼ, ρⱼ)      π = softmax,  σ = exp + least,  ρ = tanh
 * ```
 *
 * Densities are summed as log Σ exp, so that a point far from all components costs much, and not ∞. Graves has one number for the pen's
 * end of stroke; P = 2 logits say the same.
 * @param outputs [..., 6M + P]
 * @param moves [..., 2]: Δx, Δy
 * @param pens ids [...]: the state of the pen, from 0 to P − 1; −1 leaves a point out
 * @throws when a shape does not fit, a pen is not one of P, or no point counts.
 */
export function mixtureDensity(
	outputs: Tensor,
	moves: Tensor,
	pens: Ids,
	options: MixtureLossOptions,
): Tensor {
	const place = "mixtureDensity";
	const {
		components: M,
		pens: P = 2,
		least = 0,
		mask,
	} = expectOptions(place, options, lossRules);
	const { ids, weights, total } = pointsOf(outputs, moves, pens, M, P, mask);
	const wide = 6 * M + P;
	const at = parts(M);
	const d = allocate(outputs.dtype, outputs.size);
	const dMoves = allocate(moves.dtype, moves.size);
	const row = new Float64Array(wide);
	const logs = new Float64Array(M);
	let loss = 0;
	for (let i = 0; i < ids.length; i++) {
		const w = (weights?.[i] ?? 1) / total;
		if (ids[i] < 0 || w === 0) continue;
		const from = i * wide;
		row.set(outputs.data.subarray(from, from + wide));
		const [x, y] = [moves.data[2 * i], moves.data[2 * i + 1]];
		const logWeights = logTotal(row, at.weight, M);
		/** What each component makes of the point: where it lies by its own measure. */
		const seen = (j: number) => {
			const [ex, ey] = [Math.exp(row[at.sx + j]), Math.exp(row[at.sy + j])];
			const [sx, sy] = [ex + least, ey + least];
			const zx = (x - row[at.x + j]) / sx;
			const zy = (y - row[at.y + j]) / sy;
			const r = row[at.rho + j];
			return { ex, ey, sx, sy, zx, zy, rho: Math.tanh(r), rest: logRest(r) };
		};
		for (let j = 0; j < M; j++) {
			const { sx, sy, zx, zy, rho, rest } = seen(j);
			const z = (zx * zx + zy * zy - 2 * rho * zx * zy) / Math.exp(rest);
			logs[j] =
				row[at.weight + j] -
				logWeights -
				Math.log(2 * Math.PI * sx * sy) -
				rest / 2 -
				z / 2;
		}
		const logDensity = logTotal(logs, 0, M);
		const logPens = logTotal(row, at.pen, P);
		loss -= w * (logDensity + row[at.pen + ids[i]] - logPens);
		for (let j = 0; j < M; j++) {
			const { ex, ey, sx, sy, zx, zy, rho, rest } = seen(j);
			const c = Math.exp(-rest);
			/** How much of the point is this component's (Graves's γ). */
			const share = w * Math.exp(logs[j] - logDensity);
			const [ax, ay] = [c * (zx - rho * zy), c * (zy - rho * zx)];
			const z = c * (zx * zx + zy * zy - 2 * rho * zx * zy);
			d[from + at.weight + j] =
				w * Math.exp(row[at.weight + j] - logWeights) - share;
			d[from + at.x + j] = (-share * ax) / sx;
			d[from + at.y + j] = (-share * ay) / sy;
			d[from + at.sx + j] = (share * (1 - ax * zx) * ex) / sx;
			d[from + at.sy + j] = (share * (1 - ay * zy) * ey) / sy;
			d[from + at.rho + j] = -share * (zx * zy + rho * (1 - z));
			dMoves[2 * i] += (share * ax) / sx;
			dMoves[2 * i + 1] += (share * ay) / sy;
		}
		for (let p = 0; p < P; p++)
			d[from + at.pen + p] =
				w * (Math.exp(row[at.pen + p] - logPens) - (p === ids[i] ? 1 : 0));
	}
	const value = allocate(outputs.dtype, 1);
	value[0] = loss;
	return result(place, [outputs, moves], value, [], (g) => {
		if (g[0] !== 1) for (const x of [d, dMoves]) backendOf(x).scale(x, g[0]);
		return [d, moves.requiresGrad ? dMoves : undefined];
	});
}

/** The states of the pen at the points that count, their weights and the sum of these, checked. */
function pointsOf(
	outputs: Tensor,
	moves: Tensor,
	pens: Ids,
	M: number,
	P: number,
	mask: MixtureLossOptions["mask"],
) {
	const place = "mixtureDensity";
	expectTensor(place, "outputs", outputs);
	expectTensor(place, "moves", moves);
	const { ids, shape } = flatIds(`${place}: pens`, pens);
	const expectShape = (name: string, t: Tensor, last: number) => {
		const wanted = [...shape, last];
		if (!sameShape(t.shape, wanted))
			throw new Error(
				`${place}: ${name} must be [${wanted.join(", ")}], got [${t.shape.join(", ")}]`,
			);
	};
	expectShape("outputs", outputs, 6 * M + P);
	expectShape("moves", moves, 2);
	const wrong = ids.findIndex((id) => id < -1 || id >= P);
	if (wrong >= 0)
		throw new Error(
			`${place}: pen ${ids[wrong]} at ${wrong} is not one of 0 … ${P - 1} (or −1, left out)`,
		);
	const { weights } = counted(place, mask, shape);
	let total = 0;
	for (let i = 0; i < ids.length; i++)
		if (ids[i] >= 0) total += weights?.[i] ?? 1;
	if (!(total > 0))
		throw new Error(`${place}: wanted at least one point, got none`);
	return { ids, weights, total };
}

/**
 * The density that one row of outputs stands for, as `mixtureDensity` reads it: to draw it over a stroke, or to draw from it.
 *
 * `bias` b makes it neater (Graves 2013, eq. 61 and 62): σ = exp(log σ − b), and the weights' logits times 1 + b.
 * @param outputs [6M + P] numbers, or a tensor with as many
 * @throws when there are not 6M + P numbers.
 */
export function mixture(
	outputs: Tensor | ArrayLike<number>,
	options: MixtureOptions & { bias?: number },
): Mixture {
	const {
		components: M,
		pens: P = 2,
		least = 0,
		bias = 0,
	} = expectOptions("mixture", options, {
		...mixtureRules,
		bias: optional(notNegative),
	});
	const given = outputs instanceof Tensor ? outputs.data : outputs;
	const row = expectList("mixture", "outputs", given, finite);
	if (row.length !== 6 * M + P)
		throw new Error(
			`mixture: outputs must be 6M + P = ${6 * M + P} numbers, got ${row.length}`,
		);
	const at = parts(M);
	const logits = row.slice(0, M).map((x) => x * (1 + bias));
	const total = logTotal(logits, 0, M);
	const penTotal = logTotal(row, at.pen, P);
	return {
		components: logits.map((logit, j) => ({
			weight: Math.exp(logit - total),
			mean: [row[at.x + j], row[at.y + j]],
			deviation: [
				Math.exp(row[at.sx + j] - bias) + least * Math.exp(-bias),
				Math.exp(row[at.sy + j] - bias) + least * Math.exp(-bias),
			],
			correlation: Math.tanh(row[at.rho + j]),
		})),
		pens: row.slice(at.pen).map((logit) => Math.exp(logit - penTotal)),
	};
}

/** A movement of a pen, and the state it is in afterwards. */
export interface PenMove {
	dx: number;
	dy: number;
	/** From 0 to P − 1. */
	pen: number;
	/** Which component it was drawn from. */
	component: number;
}

/**
 * Draws a movement and a state of the pen from one row of outputs; options as for `mixture`.
 * @throws when there are not 6M + P numbers.
 */
export function sampleMixture(
	outputs: Tensor | ArrayLike<number>,
	options: MixtureOptions & { bias?: number; random: Random },
): PenMove {
	const { random, ...how } = expectOptions("sampleMixture", options, {
		...mixtureRules,
		bias: optional(notNegative),
		random: source,
	});
	const { components, pens } = mixture(outputs, how);
	const component = random.choice(components.map(({ weight }) => weight));
	const {
		mean: [x, y],
		deviation: [sx, sy],
		correlation,
	} = components[component];
	const [a, b] = [random.normal(), random.normal()];
	return {
		dx: x + sx * a,
		dy: y + sy * (correlation * a + Math.sqrt(1 - correlation ** 2) * b),
		pen: random.choice(pens),
		component,
	};
}
