import { readFileSync } from "node:fs";
import * as u from "unrolled";
import { numbers, text } from "../workloads.mjs";

const cells = {
	lstm: u.lstm,
	gru: u.gru,
	elman: u.elman,
	sru: u.sru,
	qrnn: u.qrnn,
	peephole: u.peephole,
	layerNormLstm: u.layerNormLstm,
	rhn: (options) => u.rhn({ ...options, depth: 2 }),
	zoneout: (options) => u.zoneout(u.lstm(options), { c: 0.5, h: 0.05 }),
	gal: (options) => u.gal(u.lstm(options), { inputs: 0.2, state: 0.3 }),
};
const { version } = JSON.parse(
	readFileSync(new URL("../../../../lib/package.json", import.meta.url)),
);
export const about = `unrolled ${version}`;

export function make(work) {
	const random = u.random(1);
	if (work.kind === "text") return writer(work, random);
	if (work.kind === "generate") return generator(work, random);
	const { T, B, D, H } = work;
	const layer = u.unroll(cells[work.cell]({ inputs: D, hidden: H, random }));
	const x = u.tensor(numbers(T * B * D, 1), { shape: [T, B, D] });
	if (work.kind === "infer") return () => u.noGrad(() => layer.apply(x));
	const y = u.tensor(numbers(T * B * H, 2), { shape: [T, B, H] });
	const optimiser = u.adam();
	return () => {
		const made = layer.apply(x, { training: true, random });
		u.meanSquaredError(made, y).backward();
		optimiser.step(layer.weights);
	};
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
