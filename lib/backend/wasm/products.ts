import type { Backend } from "../backend.ts";
import { plain } from "../plain.ts";
import type { Arrays } from "./arrays.ts";
import { type Engine, WORK } from "./engine.ts";
import { float32 } from "./float32.ts";
import { writeTable } from "./run.ts";
import type { Shard } from "./shards.ts";

/** Products of matrices; large ones are split among threads. */
export function products(
	engine: Engine,
	arrays: Arrays,
): Pick<Backend, "matmul"> {
	const { memory, kernels } = engine;
	return {
		matmul(product, a, b, out, accumulate = false) {
			if (!float32(a) || !float32(b) || !float32(out))
				return plain.matmul(product, a, b, out, accumulate);
			const { m, n, k, transposeA = false, transposeB = false } = product;
			if (m * n * k === 0) {
				if (!accumulate) out.fill(0);
				return;
			}
			const add = Number(accumulate);
			arrays.within(() => {
				const to = accumulate ? arrays.from(out) : arrays.to(out);
				const [x, y] = [arrays.from(a), arrays.from(b)];
				if (m === 1 && !transposeB) kernels.vectorTimes(k, n, x, y, to, add);
				else if (m === 1) kernels.timesVector(n, k, y, x, to, add);
				else if (n === 1 && transposeA)
					kernels.vectorTimes(k, m, y, x, to, add);
				else if (n === 1) kernels.timesVector(m, k, x, y, to, add);
				else {
					const [aRow, aColumn] = transposeA ? [4, m * 4] : [k * 4, 4];
					const [bRow, bColumn] = transposeB ? [4, k * 4] : [n * 4, 4];
					const part = ({ from, B }: Shard, work: number) => [
						...[B, n, k, x + from * aRow, aRow, aColumn, y, bRow, bColumn],
						...[to + from * n * 4, n * 4, add, work],
					];
					const [first, ...others] = engine.threads.split(m, m * n * k);
					if (others.length === 0)
						kernels.multiply(...part(first, engine.work));
					else
						engine.threads.run("multiplyPart", [
							writeTable(memory, part(first, engine.work)),
							...others.map((shard) =>
								writeTable(memory, part(shard, memory.borrow(WORK))),
							),
						]);
				}
				arrays.settle(out, to);
			});
		},
	};
}
