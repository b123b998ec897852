import type { Backend, Pooling } from "../backend.ts";
import { plain } from "../plain.ts";
import type { Arrays } from "./arrays.ts";
import type { Engine } from "./engine.ts";
import { allFloat32, float32 } from "./float32.ts";

/** Recurrences without products over whole sequences: see `Pooling`. */
export function pools(
	{ kernels }: Engine,
	arrays: Arrays,
): Pick<Backend, "pool" | "poolBack"> {
	return {
		pool(run, f, c) {
			const given = [run.u, run.z, run.v, run.start];
			if (!allFloat32(given) || !float32(f) || !float32(c))
				return plain.pool(run, f, c);
			arrays.within(() => {
				const [toF, toC] = [arrays.to(f), arrays.to(c)];
				const from = given.map((array) => arrays.from(array));
				kernels.pool(...poolSizes(run), ...from, toF, toC);
				arrays.settle(f, toF);
				arrays.settle(c, toC);
			});
		},
		poolBack(run, f, c, d) {
			const given = [run.z, run.v, run.start, f, c, d.c];
			const results = [d.u, d.z, d.v, d.start];
			if (!allFloat32(given) || !allFloat32(results))
				return plain.poolBack(run, f, c, d);
			arrays.within(() => {
				const from = given.map((array) => arrays.from(array));
				const to = results.map((array) => arrays.to(array));
				kernels.poolBack(...poolSizes(run), ...from, ...to);
				results.forEach((array, i) => {
					arrays.settle(array, to[i]);
				});
			});
		},
	};

	function poolSizes({ T, B, H, lengths, added }: Pooling) {
		return [T, B, H, lengths ? arrays.from(lengths) : 0, Number(added)];
	}
}
