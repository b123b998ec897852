import { temporalOrder } from "@unrolled/datasets";
import {
	type Cell,
	chain,
	dense,
	embedding,
	type LstmState,
	lstm,
	mul,
	noGrad,
	pass,
	random,
	semeniuta,
	softmaxCrossEntropy,
	type Tensor,
	unroll,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { accuracy, last, train } from "./train.ts";

/** Dropout of the memory itself, per step, which is what Semeniuta et al. 2016 warn of. */
function onTheMemory(cell: Cell<LstmState>, rate: number): Cell<LstmState> {
	return {
		...cell,
		prepare: ({ training, random: source }) => {
			if (!training) return cell;
			const drop = (c: Tensor) => {
				const mask = zeros(c.shape);
				for (let i = 0; i < mask.size; i++)
					mask.data[i] = (source?.uniform() ?? 0) < rate ? 0 : 1 / (1 - rate);
				return mul(c, mask);
			};
			return {
				...cell,
				step: (x, state, tap = pass, w) =>
					cell.step(
						x,
						state,
						(name, v) => tap(name, name === "c" ? drop(v) : v),
						w,
					),
			};
		},
	};
}

async function learn(name: string, cell: Cell<LstmState>): Promise<number> {
	const source = random(1);
	const model = chain(
		embedding({ tokens: 8, size: 8, random: source }),
		unroll(cell),
		last,
		dense({ inputs: 32, outputs: 4, random: source }),
	);
	const loss = () => {
		const batch = temporalOrder({ steps: 30, batch: 32, random: source });
		const logits = model.apply(batch.inputs, {
			training: true,
			random: source,
		});
		return softmaxCrossEntropy(logits, batch.targets);
	};
	const fresh = temporalOrder({ steps: 30, batch: 500, random: random(2) });
	const test = () =>
		noGrad(() => accuracy(model.apply(fresh.inputs), fresh.targets));
	await train(name, loss, {
		weights: model.weights,
		steps: 800,
		rate: 5e-3,
		solved: () => test() > 0.99,
	});
	const right = test();
	console.log(`${name}: accuracy ${right.toFixed(3)}`);
	return right;
}

describe("dropout of a half at every step, on the order of two tokens 15 steps apart", () => {
	const make = () => lstm({ inputs: 8, hidden: 32, random: random(3) });

	test("on the candidate it leaves the memory whole", async () => {
		const right = await learn("candidate", semeniuta(make(), 0.5));
		expect(right).toBeGreaterThan(0.95);
	});

	test("on the memory it destroys it", async () => {
		const right = await learn("memory", onTheMemory(make(), 0.5));
		expect(right).toBeLessThan(0.6);
	});
});
