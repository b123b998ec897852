import { createRequire } from "node:module";
import { numbers } from "../workloads.mjs";

const require = createRequire(import.meta.url);
const brain = require("brain.js");
export const about = `brain.js ${require("brain.js/package.json").version}`;

const nets = {
	lstm: brain.recurrent.LSTMTimeStep,
	gru: brain.recurrent.GRUTimeStep,
	elman: brain.recurrent.RNNTimeStep,
};

/** It has no batches: one sequence counts as one, and no Adam: its own RMSprop. */
export function make(work) {
	if (work.kind !== "train" || work.H > 128) return undefined;
	const { T, D, H } = work;
	const net = new nets[work.cell]({
		inputSize: D,
		hiddenLayers: [H],
		outputSize: D,
	});
	const all = numbers(T * D, 1);
	const sequence = Array.from({ length: T }, (_, t) => [
		...all.subarray(t * D, (t + 1) * D),
	]);
	const step = () =>
		net.train([sequence], {
			iterations: 1,
			errorThresh: 0,
			learningRate: 1e-5,
		});
	return Object.assign(step, { tokens: T });
}
