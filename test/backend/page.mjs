// What the page of load.test.ts runs: a few steps of training by the plain backend, and again by the kernels.
import { backendOf, useWasm } from "/backend/current.js";
import * as u from "/index.js";

const name = () => backendOf(new Float32Array(1)).name;

function losses() {
	const random = u.random(1);
	const layer = u.unroll(u.lstm({ inputs: 8, hidden: 64, random }));
	const x = u.ones([40, 32, 8]);
	const y = u.zeros([40, 32, 64]);
	const optimiser = u.adam({ rate: 0.01 });
	return Array.from({ length: 8 }, () => {
		const loss = u.meanSquaredError(layer.apply(x), y);
		loss.backward();
		optimiser.step(layer.weights);
		return loss.item();
	});
}

globalThis.train = async (build) => {
	const before = { name: name(), losses: losses() };
	const bytes = await fetch(`/backend/wasm/built/${build}.wasm`);
	await useWasm(await bytes.arrayBuffer());
	return { before, after: { name: name(), losses: losses() } };
};
