import { result, type Tensor, traced, uninitialised } from "../tensor.ts";

/** y = (x − μ) / √(σ² + ε) over the last axis: mean 0 and variance 1 there. */
export function normalise(x: Tensor, epsilon = 1e-5): Tensor {
	const noted = traced("normalise", [x], epsilon);
	if (noted) return noted;
	const H = x.shape[x.shape.length - 1];
	const rows = x.size / H || 0;
	const y = uninitialised(x.dtype, x.size);
	const scales = new Float64Array(rows);
	for (let r = 0, from = 0; r < rows; r++, from += H) {
		let mean = 0;
		for (let j = from; j < from + H; j++) mean += x.data[j] / H;
		let variance = 0;
		for (let j = from; j < from + H; j++) variance += (x.data[j] - mean) ** 2;
		const scale = 1 / Math.sqrt(variance / H + epsilon);
		for (let j = from; j < from + H; j++) y[j] = (x.data[j] - mean) * scale;
		scales[r] = scale;
	}
	return result("normalise", [x], y, x.shape, (g) => {
		// What moves the mean, or the length along y, is taken back by the norm.
		const dx = uninitialised(x.dtype, x.size);
		for (let r = 0, from = 0; r < rows; r++, from += H) {
			let [mean, along] = [0, 0];
			for (let j = from; j < from + H; j++) {
				mean += g[j] / H;
				along += (g[j] * y[j]) / H;
			}
			for (let j = from; j < from + H; j++)
				dx[j] = scales[r] * (g[j] - mean - along * y[j]);
		}
		return [dx];
	});
}
