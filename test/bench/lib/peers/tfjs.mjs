import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { numbers, text } from "../workloads.mjs";

const backend = process.argv[3];
if (backend === "wasm") {
	const file = createRequire(import.meta.url).resolve(
		"@tensorflow/tfjs-backend-wasm",
	);
	setWasmPaths(`${dirname(file)}/`);
	setThreadsCount(1);
}
if (!(await tf.setBackend(backend)))
	throw new Error(`tfjs: the ${backend} backend did not start`);
await tf.ready();
export const about = `tfjs ${tf.version_core} (${tf.getBackend()})`;

const cells = {
	lstm: tf.layers.lstm,
	gru: tf.layers.gru,
	elman: tf.layers.simpleRNN,
};

export function make(work) {
	if (work.kind === "text") return writer(work);
	if (work.kind === "generate") return generator(work);
	if (backend === "cpu" && work.H > 128) return undefined; // minutes a step
	const { T, B, D, H } = work;
	const net = tf.sequential({
		layers: [
			cells[work.cell]({
				units: H,
				returnSequences: true,
				recurrentInitializer: "glorotUniform",
				inputShape: [T, D],
			}),
		],
	});
	const x = tf.tensor3d(numbers(T * B * D, 1), [B, T, D]);
	if (work.kind === "infer")
		return () => tf.tidy(() => net.predict(x).dataSync());
	const y = tf.tensor3d(numbers(T * B * H, 2), [B, T, H]);
	net.compile({ optimizer: tf.train.adam(), loss: "meanSquaredError" });
	return () => net.trainOnBatch(x, y);
}

/** Characters as one-hot rows: the wasm backend has no gradient of its embedding. */
function writer({ T, B, V, H, layers }) {
	const recurrent = {
		units: H,
		returnSequences: true,
		recurrentInitializer: "glorotUniform",
	};
	const net = tf.sequential({
		layers: [
			tf.layers.dense({ units: H, useBias: false, inputShape: [T, V] }),
			...Array.from({ length: layers }, () => tf.layers.lstm(recurrent)),
			tf.layers.dense({ units: V, activation: "softmax" }),
		],
	});
	net.compile({
		optimizer: tf.train.adam(),
		loss: "categoricalCrossentropy",
	});
	const hot = (seed) =>
		tf.oneHot(tf.tensor2d(text({ T: B, B: T, V }, seed), [B, T], "int32"), V);
	const [ids, targets] = [hot(1), hot(2)];
	return () => net.trainOnBatch(ids, targets);
}

/** By tfjs' own step of an LSTM: its layers would take several times as long. */
function generator({ V, H, characters }) {
	const matrix = (rows, columns, seed) =>
		tf
			.tensor2d(numbers(rows * columns, seed), [rows, columns])
			.div(Math.sqrt(rows));
	const table = matrix(V, H, 1);
	const kernel = matrix(2 * H, 4 * H, 2);
	const bias = tf.zeros([4 * H]);
	const out = matrix(H, V, 3);
	const forget = tf.scalar(1);
	let state = [tf.zeros([1, H]), tf.zeros([1, H])];
	let id = 0;
	return () => {
		for (let i = 0; i < characters; i++) {
			const [c, h, best] = tf.tidy(() => {
				const x = tf.gather(table, [id]);
				const [c, h] = tf.basicLSTMCell(forget, kernel, bias, x, ...state);
				return [c, h, tf.argMax(tf.matMul(h, out), 1)];
			});
			for (const old of state) old.dispose();
			state = [c, h];
			id = best.dataSync()[0];
			best.dispose();
		}
	};
}
