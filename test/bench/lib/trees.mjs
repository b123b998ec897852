/** How much of a training step over trees is products, which a program would leave: node test/bench/lib/trees.mjs (half a minute). */
import * as unrolled from "../../../lib/index.ts";
import { shortest } from "./own.mjs";

const random = unrolled.random(1);
const LABELS = 50;
const STRETCHES = 10;

function treeOf(leaves) {
	const label = random.integer(LABELS);
	if (leaves === 1) return { label, children: [] };
	const left = 1 + random.integer(leaves - 1);
	return { label, children: [treeOf(left), treeOf(leaves - left)] };
}

/** The products of all levels, forwards and back, by their sizes [rows, K, N]. */
function products(sizes) {
	const of = (rows, columns) => unrolled.ones([rows, columns]);
	const all = sizes.map(([m, k, n]) => [of(m, k), of(k, n), of(m, n)]);
	return () => {
		for (const [a, b, g] of all) {
			unrolled.matmul(a, b);
			unrolled.matmul(g, b, { transposeB: true });
			unrolled.matmul(a, g, { transposeA: true });
		}
	};
}

console.log("32 binary trees, a training step of fold, one thread:\n");
console.log("| cell | leaves | H | levels | ms a step | products, ms |");
console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
for (const [leaves, H] of [
	[10, 32],
	[20, 128],
])
	for (const [make, gates] of [
		[unrolled.recursive, 1],
		[unrolled.naryLstm, 4],
		[unrolled.childSumLstm, 4],
	]) {
		const trees = Array.from({ length: 32 }, () => treeOf(leaves));
		const { levels } = unrolled.schedule(trees);
		const { table } = unrolled.embedding({
			tokens: LABELS,
			size: H,
			random,
		}).weights;
		const net = unrolled.fold(make({ inputs: H, hidden: H, random }));
		const optimiser = unrolled.adam();
		const ms = shortest(() => {
			const roots = net.apply({ trees, inputs: table });
			unrolled.sum(unrolled.square(roots)).backward();
			optimiser.step(net);
			unrolled.zeroGrad({ table });
		}, STRETCHES);
		const sizes = levels.flatMap(({ length }) => [
			[length, H, gates * H],
			[length, 2 * H, gates * H],
		]);
		const least = unrolled.noGrad(() => shortest(products(sizes), STRETCHES));
		console.log(
			`| ${make.name} | ${leaves} | ${H} | ${levels.length} | ${ms.toFixed(1)} | ${least.toFixed(1)} |`,
		);
	}
