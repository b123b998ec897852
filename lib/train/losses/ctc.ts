import { backendOf } from "../../backend/current.ts";
import { expectOptions, expectValue, type Rules } from "../../expect/expect.ts";
import { expectList } from "../../expect/lists.ts";
import { anything, optional, whole } from "../../expect/rules.ts";
import { described } from "../../expect/words.ts";
import { expectTensor } from "../../ops/tensors.ts";
import { allocate, result, type Tensor, uninitialised } from "../../tensor.ts";

export interface CtcOptions {
	/** How many steps of each sequence are real [B]; default all T. */
	lengths?: ArrayLike<number>;
	/** The class that says nothing; default 0. */
	blank?: number;
}

const rules: Rules<CtcOptions> = {
	lengths: anything, // by `expectList`, which knows T
	blank: optional(whole()),
};

/** log(eᵃ + eᵇ) */
const plus = (a: number, b: number): number => {
	if (a === -Infinity) return b;
	if (b === -Infinity) return a;
	return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
};

/** T, B, K and the lengths of logits [T, B, K]. */
function read(place: string, logits: Tensor, options: CtcOptions) {
	expectTensor(place, "logits", logits);
	if (logits.shape.length !== 3)
		throw new Error(
			`${place}: logits must be [T, B, K], got [${logits.shape.join(", ")}]`,
		);
	const [T, B, K] = logits.shape;
	const { lengths, blank = 0 } = expectOptions(place, options, rules);
	expectValue(place, "blank", blank, whole(0, K - 1));
	const ends =
		lengths === undefined
			? new Array<number>(B).fill(T)
			: expectList(place, "lengths", lengths, whole(0, T));
	if (ends.length !== B)
		throw new Error(`${place}: lengths must be B=${B}, got ${ends.length}`);
	return { T, B, K, ends, blank };
}

/**
 * Connectionist temporal classification (Graves et al. 2006, doi:10.1145/1143844.1143891): the mean over the batch of −log p(target), in nats, where
 * nobody says at which step each symbol comes.
 *
 * ```text
 * p(target) = Σ over all paths of T classes that read as the target, of Π softmax(logits)[t, path[t]]
 * ```
 *
 * A path reads as its classes without repetitions and then without blanks: `a a – a b` is `a a b`. The sum is that of the paper's forward
 * and backward variables, in logarithms.
 * @param logits [T, B, K], the blank among the classes
 * @param targets a list of classes for each of the B sequences, without blanks; it may be empty
 * @throws when a target is not a class or is the blank, or a sequence has too few steps for its target: which one.
 */
export function ctc(
	logits: Tensor,
	targets: readonly ArrayLike<number>[],
	options: CtcOptions = {},
): Tensor {
	const { B, K, ends, blank } = read("ctc", logits, options);
	if (!Array.isArray(targets) || targets.length !== B)
		throw new Error(
			`ctc: targets must be a list of B=${B} lists of classes, got ${described(targets)}`,
		);
	const labels = targets.map((target, b) =>
		expectList("ctc", `target ${b}`, target, whole(0, K - 1)),
	);
	labels.forEach((label, b) => {
		const at = label.indexOf(blank);
		if (at >= 0)
			throw new Error(`ctc: target ${b} holds the blank, ${blank}, at ${at}`);
		const repeats = label.filter((k, i) => i > 0 && k === label[i - 1]).length;
		if (label.length + repeats > ends[b])
			throw new Error(
				`ctc: target ${b} needs at least ${label.length + repeats} steps, and its sequence has ${ends[b]}`,
			);
	});
	const logP = uninitialised(logits.dtype, logits.size);
	backendOf(logP).logSoftmax(logits.size / K, K, logits.data, logP);
	const d = allocate(logits.dtype, logits.size);
	let total = 0;
	for (let b = 0; b < B; b++) {
		const at = (t: number) => (t * B + b) * K;
		total += oneSequence(logP, at, K, ends[b], labels[b], blank, (t, share) => {
			for (let k = 0; k < K; k++)
				d[at(t) + k] = (Math.exp(logP[at(t) + k]) - share[k]) / B;
		});
	}
	const loss = allocate(logits.dtype, 1);
	loss[0] = total / B;
	return result("ctc", [logits], loss, [], (g) => {
		if (g[0] !== 1) backendOf(d).scale(d, g[0]);
		return [d];
	});
}

/** −log p of one sequence; `give` is handed, for each step, how much of the paths goes through each class. */
function oneSequence(
	logP: ArrayLike<number>,
	at: (t: number) => number,
	K: number,
	T: number,
	label: readonly number[],
	blank: number,
	give: (t: number, share: Float64Array) => void,
): number {
	// l′: the label with blanks around each symbol
	const S = 2 * label.length + 1;
	const symbol = (s: number) => (s % 2 === 0 ? blank : label[(s - 1) / 2]);
	/** Whether a path may come to s from s − 2: over a blank between two different symbols. */
	const leaps = (s: number) =>
		s >= 2 && s % 2 === 1 && symbol(s) !== symbol(s - 2);
	if (T === 0) return 0;
	const forward = Array.from({ length: T }, () =>
		new Float64Array(S).fill(-Infinity),
	);
	const backward = forward.map((row) => row.slice());
	const p = (t: number, s: number) => logP[at(t) + symbol(s)];
	for (let s = 0; s < Math.min(2, S); s++) forward[0][s] = p(0, s);
	for (let t = 1; t < T; t++)
		for (let s = 0; s < S; s++) {
			const before = forward[t - 1];
			let sum = before[s];
			if (s >= 1) sum = plus(sum, before[s - 1]);
			if (leaps(s)) sum = plus(sum, before[s - 2]);
			forward[t][s] = sum + p(t, s);
		}
	for (let s = Math.max(0, S - 2); s < S; s++) backward[T - 1][s] = 0;
	for (let t = T - 2; t >= 0; t--)
		for (let s = 0; s < S; s++) {
			const after = (i: number) => backward[t + 1][i] + p(t + 1, i);
			let sum = after(s);
			if (s + 1 < S) sum = plus(sum, after(s + 1));
			if (s + 2 < S && leaps(s + 2)) sum = plus(sum, after(s + 2));
			backward[t][s] = sum;
		}
	const last = forward[T - 1];
	const logTotal = S === 1 ? last[0] : plus(last[S - 1], last[S - 2]);
	const share = new Float64Array(K);
	for (let t = 0; t < T; t++) {
		share.fill(0);
		for (let s = 0; s < S; s++)
			share[symbol(s)] += Math.exp(forward[t][s] + backward[t][s] - logTotal);
		give(t, share);
	}
	return -logTotal;
}

/**
 * What the likeliest class of each step reads as: repetitions and blanks taken out. The best path is not always the likeliest text.
 * @returns a list of classes for each of the B sequences
 * @throws when logits are not [T, B, K].
 */
export function ctcRead(logits: Tensor, options: CtcOptions = {}): number[][] {
	const { B, K, ends, blank } = read("ctcRead", logits, options);
	return ends.map((end, b) => {
		const path = Array.from({ length: end }, (_, t) => {
			const from = (t * B + b) * K;
			let best = 0;
			for (let k = 1; k < K; k++)
				if (logits.data[from + k] > logits.data[from + best]) best = k;
			return best;
		});
		return path.filter((k, t) => k !== blank && k !== path[t - 1]);
	});
}
