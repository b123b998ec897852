import type {
	AdamRule,
	Backend,
	Combination,
	Numbers,
	Pooling,
	PoolingGradients,
	Product,
} from "./backend.ts";

/** Ordinary loops, float32 and float64: what every operation means. */
export const plain: Backend = {
	name: "plain",
	allocate: (size) => new Float32Array(size),
	uninitialised: (size) => new Float32Array(size),
	matmul,

	tanh: (x, out) => map(x, out, Math.tanh),
	sigmoid: (x, out) => map(x, out, (v) => 1 / (1 + Math.exp(-v))),
	exp: (x, out) => map(x, out, Math.exp),
	combine,
	pool,
	poolBack,

	draw(state, probability, one, out) {
		let [a, b, c, d] = state;
		const word = () => {
			const t = (((a + b) | 0) + d) | 0;
			d = (d + 1) | 0;
			a = b ^ (b >>> 9);
			b = (c + (c << 3)) | 0;
			c = (((c << 21) | (c >>> 11)) + t) | 0;
			return t >>> 0;
		};
		const limit = probability * 2 ** 53;
		for (let i = 0; i < out.length; i++) {
			const unit = (word() >>> 5) * 67108864 + (word() >>> 6);
			out[i] = unit < limit ? one : 0;
		}
		state.set([a, b, c, d]);
	},

	softmax(rows, columns, x, out) {
		for (let r = 0; r < rows; r++) {
			const from = r * columns;
			const top = maximum(x, from, columns);
			let sum = 0;
			for (let j = from; j < from + columns; j++) sum += Math.exp(x[j] - top);
			for (let j = from; j < from + columns; j++)
				out[j] = Math.exp(x[j] - top) / sum;
		}
	},

	logSoftmax(rows, columns, x, out) {
		for (let r = 0; r < rows; r++) {
			const from = r * columns;
			const { top, log } = logSumExp(x, from, columns);
			for (let j = from; j < from + columns; j++) out[j] = x[j] - top - log;
		}
	},

	crossEntropy(rows, columns, logits, targets, gradient) {
		let loss = 0;
		for (let r = 0; r < rows; r++) {
			const from = r * columns;
			const target = targets[r];
			if (target < 0) {
				gradient?.fill(0, from, from + columns);
				continue;
			}
			const { top, log } = logSumExp(logits, from, columns);
			loss += top - logits[from + target] + log;
			if (!gradient) continue;
			for (let j = from; j < from + columns; j++)
				gradient[j] = Math.exp(logits[j] - top - log);
			gradient[from + target] -= 1;
		}
		return loss;
	},

	squaredNorm(x) {
		let sum = 0;
		for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
		return sum;
	},
	squaredError(y, target, factor, d) {
		let sum = 0;
		for (let i = 0; i < y.length; i++) {
			const off = y[i] - target[i];
			d[i] = factor * off;
			sum += off * off;
		}
		return sum;
	},
	scale(x, factor) {
		for (let i = 0; i < x.length; i++) x[i] *= factor;
	},
	sgd(w, g, v, rate, momentum) {
		for (let i = 0; i < w.length; i++) {
			const step = v ? momentum * v[i] + g[i] : g[i];
			if (v) v[i] = step;
			w[i] -= rate * step;
		}
	},
	adam,
};

/** One loop for all: a function handed in would cost more than what it does. */
function combine(how: Combination, x: Numbers, y: Numbers, out: Numbers): void {
	for (let i = 0, p = 0, q = 0; i < out.length; i++) {
		const [a, b] = [x[p], y[q]];
		if (how === "add") out[i] = a + b;
		else if (how === "mul") out[i] = a * b;
		else if (how === "sub") out[i] = a - b;
		else if (how === "tanhBack") out[i] = a * (1 - b * b);
		else out[i] = a * b * (1 - b);
		if (++p === x.length) p = 0;
		if (++q === y.length) q = 0;
	}
}

/** The index of number `i` of the memory before step `t`. */
function before({ B, H, start }: Pooling, c: Numbers, t: number) {
	return t === 0 ? { past: start, back: 0 } : { past: c, back: B * H };
}

const ended = ({ H, lengths }: Pooling, t: number, i: number): boolean =>
	lengths !== undefined && t >= lengths[Math.floor(i / H)];

function pool(run: Pooling, f: Numbers, c: Numbers): void {
	const { T, B, H, u, z, v, added } = run;
	for (let t = 0; t < T; t++) {
		const { past, back } = before(run, c, t);
		for (let i = 0; i < B * H; i++) {
			const at = t * B * H + i;
			const old = past[at - back];
			const keep = 1 / (1 + Math.exp(-(u[at] + v[i % H] * old)));
			f[at] = keep;
			if (ended(run, t, i)) c[at] = old;
			else c[at] = keep * old + (added ? z[at] : (1 - keep) * z[at]);
		}
	}
}

function poolBack(
	run: Pooling,
	f: Numbers,
	c: Numbers,
	d: PoolingGradients,
): void {
	const { T, B, H, z, v, added } = run;
	d.v.fill(0);
	d.start.fill(0);
	for (let t = T - 1; t >= 0; t--) {
		const { past, back } = before(run, c, t);
		for (let i = 0; i < B * H; i++) {
			const at = t * B * H + i;
			d.start[i] += d.c[at];
			d.u[at] = d.z[at] = 0;
			if (ended(run, t, i)) continue;
			const [keep, old, dc] = [f[at], past[at - back], d.start[i]];
			const du = dc * (added ? old : old - z[at]) * keep * (1 - keep);
			d.u[at] = du;
			d.z[at] = added ? dc : dc * (1 - keep);
			d.v[i % H] += du * old;
			d.start[i] = dc * keep + du * v[i % H];
		}
	}
}

function matmul(
	{ m, n, k, transposeA = false, transposeB = false }: Product,
	a: Numbers,
	b: Numbers,
	out: Numbers,
	accumulate = false,
): void {
	const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
	const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
	const row = new Float64Array(n); // sums in double, so that long products keep their digits
	for (let i = 0; i < m; i++) {
		row.fill(0);
		for (let p = 0; p < k; p++) {
			const x = a[i * aRow + p * aColumn];
			const from = p * bRow;
			for (let j = 0; j < n; j++) row[j] += x * b[from + j * bColumn];
		}
		const to = i * n;
		for (let j = 0; j < n; j++)
			out[to + j] = accumulate ? out[to + j] + row[j] : row[j];
	}
}

function adam(
	w: Numbers,
	g: Numbers,
	m: Numbers,
	v: Numbers,
	{ rate, beta1, beta2, epsilon, correction1, correction2 }: AdamRule,
): void {
	const step = rate / correction1;
	for (let i = 0; i < w.length; i++) {
		m[i] = beta1 * m[i] + (1 - beta1) * g[i];
		v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
		w[i] -= (step * m[i]) / (Math.sqrt(v[i] / correction2) + epsilon);
	}
}

function map(x: Numbers, out: Numbers, f: (value: number) => number): void {
	for (let i = 0; i < x.length; i++) out[i] = f(x[i]);
}

function maximum(x: Numbers, from: number, count: number): number {
	let top = -Infinity;
	for (let j = from; j < from + count; j++) top = Math.max(top, x[j]);
	return top;
}

/** log Σ exp(x) = top + log without overflow: the largest is taken out. Apart, since their sum loses the digits of `log` where `top` is large. */
function logSumExp(
	x: Numbers,
	from: number,
	count: number,
): { top: number; log: number } {
	const top = maximum(x, from, count);
	if (!Number.isFinite(top)) return { top, log: 0 };
	let sum = 0;
	for (let j = from; j < from + count; j++) sum += Math.exp(x[j] - top);
	return { top, log: Math.log(sum) };
}
