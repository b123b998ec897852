import { type LogicTree, logicTree } from "@unrolled/datasets";
import {
	type CellOptions,
	chain,
	childSumLstm,
	dense,
	embedding,
	fold,
	naryLstm,
	noGrad,
	type Random,
	random,
	recursive,
	softmaxCrossEntropy,
	type TreeCell,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { accuracy, train } from "./train.ts";

/** Formulas of 0, 1, and, or, xor, of depths drawn from those given. */
function formulas(
	count: number,
	depths: readonly number[],
	source: Random,
): LogicTree[] {
	return Array.from({ length: count }, () =>
		logicTree({
			depth: depths[source.integer(depths.length)],
			random: source,
		}),
	);
}

const size = 16;
const cells: [string, (options: CellOptions) => TreeCell][] = [
	["the recursive network", recursive],
	["the binary Tree-LSTM", naryLstm],
	["the child-sum Tree-LSTM", childSumLstm],
];

describe("the truth of formulas, learnt from depths up to 4", () => {
	test.each(cells)("%s knows it in depths 5 and 6", async (name, make) => {
		const source = random(1);
		const { table } = embedding({ tokens: 5, size, random: source }).weights;
		const model = chain(
			fold(make({ inputs: size, hidden: size, random: source })),
			dense({ inputs: size, outputs: 2, random: source }),
		);
		const logits = (trees: readonly LogicTree[]) =>
			model.apply({ trees, inputs: table });
		const right = (trees: readonly LogicTree[]) =>
			noGrad(() =>
				accuracy(
					logits(trees),
					trees.map(({ truth }) => truth),
				),
			);

		const seen = formulas(4000, [1, 2, 3, 4], random(2));
		const loss = () => {
			const trees = Array.from(
				{ length: 50 },
				() => seen[source.integer(seen.length)],
			);
			return softmaxCrossEntropy(
				logits(trees),
				trees.map(({ truth }) => truth),
			);
		};
		const weights = { ...model.weights, table };
		await train(name, loss, { weights, steps: 1000, rate: 5e-3 });

		const deeper = formulas(1000, [5, 6], random(3));
		const truths = deeper.reduce((sum, { truth }) => sum + truth, 0) / 1000;
		const [known, new_] = [right(seen.slice(0, 1000)), right(deeper)];
		console.log(
			`${name}: ${known.toFixed(3)} seen, ${new_.toFixed(3)} deeper (always the likelier answer: ${Math.max(truths, 1 - truths).toFixed(3)})`,
		);
		expect(known).toBeGreaterThan(0.99);
		expect(new_).toBeGreaterThan(0.95);
	});
});
