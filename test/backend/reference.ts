import type { FusedKind } from "../../lib/backend/backend.ts";

/**
 * The cells' whole sequences, forward and backward, in plain float64 loops, written from the equations and from nothing else.
 * Matrices are arrays of rows.
 */
export type Matrix = number[][];

export interface Problem {
	kind: FusedKind;
	T: number;
	B: number;
	D: number;
	H: number;
	/** [T][B][D] */
	x: Matrix[];
	state: Matrix[];
	/** Matrices, and biases as one row. */
	weights: Matrix[];
	lengths?: number[];
	dOutputs: Matrix[];
	dState: Matrix[];
}

export interface Answer {
	outputs: Matrix[];
	state: Matrix[];
	dx: Matrix[];
	dState: Matrix[];
	dWeights: Matrix[];
}

export const zeros = (rows: number, columns: number): Matrix =>
	Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
const times = (a: Matrix, b: Matrix): Matrix =>
	a.map((row) =>
		(b[0] ?? []).map((_, j) => row.reduce((s, v, k) => s + v * b[k][j], 0)),
	);
const transposed = (a: Matrix): Matrix =>
	(a[0] ?? []).map((_, j) => a.map((row) => row[j]));
type Elementwise = (...values: number[]) => number;
const map = (f: Elementwise, a: Matrix, ...more: Matrix[]): Matrix =>
	a.map((row, i) => row.map((v, j) => f(v, ...more.map((m) => m[i][j]))));
const plus = (a: Matrix, ...more: Matrix[]): Matrix =>
	map((...v) => v.reduce((s, x) => s + x, 0), a, ...more);
const addTo = (sum: Matrix, a: Matrix): void => {
	a.forEach((row, i) => {
		row.forEach((v, j) => {
			sum[i][j] += v;
		});
	});
};
const columnSums = (a: Matrix, width: number): Matrix => [
	Array.from({ length: width }, (_, j) => a.reduce((s, row) => s + row[j], 0)),
];
const withBias = (a: Matrix, b: Matrix): Matrix =>
	a.map((row) => row.map((v, j) => v + b[0][j]));
const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
const relu = (v: number) => Math.max(0, v);

/** One step: the new state, and from its gradient those of x, of the state before (added up) and of the weights (added to). */
interface Step {
	state: Matrix[];
	back(d: Matrix[], dWeights: Matrix[]): { dx: Matrix; dState: Matrix[] };
}

function linear(
	x: Matrix,
	h: Matrix,
	weights: Matrix[],
	gate: number,
	past = h,
): Matrix {
	const [W, U, b] = weights.slice(3 * gate);
	return withBias(plus(times(x, W), times(past, U)), b);
}

/** The way back through `linear`: dz to x and to what U saw, and to the weights. */
function linearBack(
	x: Matrix,
	past: Matrix,
	weights: Matrix[],
	gate: number,
	dz: Matrix,
	dWeights: Matrix[],
): [Matrix, Matrix] {
	const [W, U] = weights.slice(3 * gate);
	addTo(dWeights[3 * gate], times(transposed(x), dz));
	addTo(dWeights[3 * gate + 1], times(transposed(past), dz));
	addTo(dWeights[3 * gate + 2], columnSums(dz, U.length));
	return [times(dz, transposed(W)), times(dz, transposed(U))];
}

function lstmStep(x: Matrix, [h, c]: Matrix[], weights: Matrix[]): Step {
	const [i, f, g, o] = [sigmoid, sigmoid, Math.tanh, sigmoid].map((act, gate) =>
		map((v) => act(v), linear(x, h, weights, gate)),
	);
	const next = map((f, c, i, g) => f * c + i * g, f, c, i, g);
	const after = map((o, c) => o * Math.tanh(c), o, next);
	return {
		state: [after, next],
		back([dh, dcAfter], dWeights) {
			const dc = map(
				(d, o, c, dc) => dc + d * o * (1 - Math.tanh(c) ** 2),
				dh,
				o,
				next,
				dcAfter,
			);
			const dz = [
				map((d, g, i) => d * g * i * (1 - i), dc, g, i),
				map((d, c, f) => d * c * f * (1 - f), dc, c, f),
				map((d, i, g) => d * i * (1 - g * g), dc, i, g),
				map((d, c, o) => d * Math.tanh(c) * o * (1 - o), dh, next, o),
			];
			const parts = dz.map((d, gate) =>
				linearBack(x, h, weights, gate, d, dWeights),
			);
			return {
				dx: plus(parts[0][0], ...parts.slice(1).map(([dx]) => dx)),
				dState: [
					plus(parts[0][1], ...parts.slice(1).map(([, dh]) => dh)),
					map((d, f) => d * f, dc, f),
				],
			};
		},
	};
}

function gruStep(
	x: Matrix,
	[h]: Matrix[],
	weights: Matrix[],
	after: boolean,
): Step {
	const r = map((v) => sigmoid(v), linear(x, h, weights, 0));
	const z = map((v) => sigmoid(v), linear(x, h, weights, 1));
	const [W, U, b, c] = weights.slice(6);
	const rh = map((r, h) => r * h, r, h);
	const u = after ? withBias(times(h, U), c) : times(rh, U);
	const g = map(
		(a, u, r) => Math.tanh(after ? a + r * u : a + u),
		withBias(times(x, W), b),
		u,
		r,
	);
	return {
		state: [map((z, h, g) => z * h + (1 - z) * g, z, h, g)],
		back([dh], dWeights) {
			const da = map((d, z, g) => d * (1 - z) * (1 - g * g), dh, z, g);
			const daz = map((d, h, g, z) => d * (h - g) * z * (1 - z), dh, h, g, z);
			const du = after ? map((d, r) => d * r, da, r) : da;
			addTo(dWeights[6], times(transposed(x), da));
			addTo(dWeights[7], times(transposed(after ? h : rh), du));
			addTo(dWeights[8], columnSums(da, U.length));
			if (after) addTo(dWeights[9], columnSums(du, U.length));
			const dPast = times(du, transposed(U));
			const dr = after
				? map((d, u, r) => d * u * r * (1 - r), da, u, r)
				: map((d, h, r) => d * h * r * (1 - r), dPast, h, r);
			const [dxr, dhr] = linearBack(x, h, weights, 0, dr, dWeights);
			const [dxz, dhz] = linearBack(x, h, weights, 1, daz, dWeights);
			return {
				dx: plus(times(da, transposed(W)), dxr, dxz),
				dState: [
					plus(
						map((d, z) => d * z, dh, z),
						after ? dPast : map((d, r) => d * r, dPast, r),
						dhr,
						dhz,
					),
				],
			};
		},
	};
}

const activations: Record<string, [Elementwise, Elementwise]> = {
	tanh: [(v) => Math.tanh(v), (y) => 1 - y * y],
	relu: [relu, (y) => (y > 0 ? 1 : 0)],
	sigmoid: [sigmoid, (y) => y * (1 - y)],
};

function elmanStep(
	x: Matrix,
	[h]: Matrix[],
	weights: Matrix[],
	name: string,
): Step {
	const [f, slope] = activations[name];
	const y = map(f, linear(x, h, weights, 0));
	return {
		state: [y],
		back([dh], dWeights) {
			const dz = map((d, y) => d * slope(y), dh, y);
			const [dx, dPast] = linearBack(x, h, weights, 0, dz, dWeights);
			return { dx, dState: [dPast] };
		},
	};
}

const steps: Record<
	FusedKind,
	(x: Matrix, state: Matrix[], weights: Matrix[]) => Step
> = {
	"elman-tanh": (x, h, w) => elmanStep(x, h, w, "tanh"),
	"elman-relu": (x, h, w) => elmanStep(x, h, w, "relu"),
	"elman-sigmoid": (x, h, w) => elmanStep(x, h, w, "sigmoid"),
	lstm: lstmStep,
	"gru-before": (x, h, w) => gruStep(x, h, w, false),
	"gru-after": (x, h, w) => gruStep(x, h, w, true),
};

/** Rows of `a` where the sequence still runs, of `b` where it has ended. */
const choose = (alive: boolean[], a: Matrix, b: Matrix): Matrix =>
	alive.map((is, row) => (is ? a[row] : b[row]));

export function solve(problem: Problem): Answer {
	const { kind, T, B, D, H, x, weights, lengths, dOutputs } = problem;
	const alive = (t: number) =>
		Array.from({ length: B }, (_, b) => t < (lengths?.[b] ?? T));
	const made: Step[] = [];
	const outputs: Matrix[] = [];
	let state = problem.state;
	for (let t = 0; t < T; t++) {
		const done = steps[kind](x[t], state, weights);
		made.push(done);
		outputs.push(choose(alive(t), done.state[0], zeros(B, H)));
		state = done.state.map((part, i) => choose(alive(t), part, state[i]));
	}
	const dWeights = weights.map((w) => zeros(w.length, w[0].length));
	const dx = x.map(() => zeros(B, D));
	let dState = problem.dState;
	for (let t = T - 1; t >= 0; t--) {
		const none = zeros(B, H);
		const d = dState.map((part, i) =>
			choose(alive(t), i === 0 ? plus(part, dOutputs[t]) : part, none),
		);
		const back = made[t].back(d, dWeights);
		dx[t] = back.dx;
		dState = back.dState.map((part, i) => choose(alive(t), part, dState[i]));
	}
	return { outputs, state, dx, dState, dWeights };
}
