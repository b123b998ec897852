import { readFileSync } from "node:fs";
import * as u from "unrolled";
import { numbers, text } from "../workloads.mjs";

/** A cell without its kernel for all steps, which is known by the cell's own `step`. */
const asProgram = (make) => (options) => {
	const cell = make(options);
	return { ...cell, step: (...given) => cell.step(...given) };
};
const half = (options) => ({ ...options, projection: options.hidden / 2 });
const cells = {
	lstm: u.lstm,
	lstmProgram: asProgram(u.lstm),
	gru: u.gru,
	gruProgram: asProgram(u.gru),
	gruAfter: (options) => u.gru({ ...options, reset: "after" }),
	gruAfterProgram: asProgram((options) =>
		u.gru({ ...options, reset: "after" }),
	),
	elman: u.elman,
	elmanProgram: asProgram(u.elman),
	jordan: (options) => u.jordan({ ...options, outputs: options.hidden }),
	lstm1997: u.lstm1997,
	peephole: u.peephole,
	projectedLstm: (options) => u.projectedLstm(half(options)),
	layerNormLstm: u.layerNormLstm,
	rhn2: (options) => u.rhn({ ...options, depth: 2 }),
	rhn: (options) => u.rhn({ ...options, depth: 3 }),
	deepTransition: (options) => u.deepTransition({ ...options, depth: 2 }),
	sru: u.sru,
	sru2017: u.sru2017,
	qrnn: u.qrnn,
	minimal,
	zoneout: (options) => u.zoneout(u.lstm(options), { c: 0.5, h: 0.05 }),
	zoneoutGru: (options) => u.zoneout(u.gru(options), 0.1),
	gal: (options) => u.gal(u.lstm(options), { inputs: 0.2, state: 0.3 }),
	semeniuta: (options) => u.semeniuta(u.lstm(options), 0.3),
	weightDrop: (options) => u.weightDrop(u.lstm(options), 0.3),
	learntStart: (options) => u.learntStart(u.lstm(options)),
	lengths: u.lstm,
	lengthsProgram: asProgram(u.lstm),
};

/** A cell as somebody writes one: a minimal gated unit (Zhou et al. 2016). */
function minimal({ inputs: D, hidden: H, random }) {
	const shapes = {
		Wf: [D, H],
		Uf: [H, H],
		bf: [H],
		W: [D, H],
		U: [H, H],
		b: [H],
	};
	const weights = Object.fromEntries(
		Object.entries(shapes).map(([name, shape]) => [
			name,
			u.weight(shape, u.normal(0.1), random),
		]),
	);
	const gate = (x, W, h, U, b) => u.add(u.matmul(x, W), u.matmul(h, U), b);
	return {
		name: "minimal",
		inputs: D,
		hidden: H,
		weights,
		start: (B) => u.zeros([B, H]),
		step(x, h, tap = u.pass, w = weights) {
			const past = tap("past", h);
			const f = tap("f", u.sigmoid(gate(x, w.Wf, past, w.Uf, w.bf)));
			const g = tap("g", u.tanh(gate(x, w.W, u.mul(f, past), w.U, w.b)));
			const next = tap("h", u.add(u.mul(u.sub(1, f), past), u.mul(f, g)));
			return { output: next, state: next };
		},
	};
}

const { version } = JSON.parse(
	readFileSync(new URL("../../../../lib/package.json", import.meta.url)),
);
export const about = `unrolled ${version}`;

export function make(work) {
	const random = u.random(1);
	if (work.kind === "text") return writer(work, random);
	if (work.kind === "generate") return generator(work, random);
	const { T, B, D, H } = work;
	const cell = cells[work.cell]({ inputs: D, hidden: H, random });
	const layer = u.unroll(cell);
	const x = u.tensor(numbers(T * B * D, 1), { shape: [T, B, D] });
	if (work.kind === "infer") return () => u.noGrad(() => layer.apply(x));
	const shape = [T, B, cell.hidden];
	const y = u.tensor(numbers(T * B * cell.hidden, 2), { shape });
	const optimiser = u.adam();
	const options = { training: true, random };
	if (work.cell.startsWith("lengths"))
		options.lengths = Array.from({ length: B }, (_, b) => T - (b % (T / 2)));
	const step = () => {
		const made = layer.apply(x, options);
		u.meanSquaredError(made, y).backward();
		optimiser.step(layer.weights);
	};
	// multiplications of its matrices for a step of one sequence: forward, for the weight's gradient, and for that of what it reads, unless
	// that is x, as it is of those called W…
	step.products = Object.entries(cell.weights)
		.filter(([, w]) => w.shape.length === 2 && w.shape[0] > 1)
		.reduce((sum, [name, w]) => sum + w.size * (name[0] === "W" ? 2 : 3), 0);
	return step;
}

function model({ V, H, layers = 1 }, random) {
	const lstms = Array.from({ length: layers }, () =>
		u.unroll(u.lstm({ inputs: H, hidden: H, random })),
	);
	return u.chain(
		u.embedding({ tokens: V, size: H, random }),
		...lstms,
		u.dense({ inputs: H, outputs: V, random }),
	);
}

function writer(work, random) {
	const net = model(work, random);
	const [ids, targets] = [text(work, 1), text(work, 2)];
	const optimiser = u.adam();
	return () => {
		u.softmaxCrossEntropy(net.apply(ids), targets).backward();
		optimiser.step(net.weights);
	};
}

function generator(work, random) {
	const net = model(work, random);
	let id = 0;
	let state;
	return () =>
		u.noGrad(() => {
			for (let i = 0; i < work.characters; i++) {
				const run = net.run([[id]], { state });
				state = run.state;
				id = u.sample(run.outputs, { random, temperature: 0 });
			}
		});
}
