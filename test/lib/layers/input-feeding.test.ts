import {
	chain,
	checkGradients,
	dense,
	dotAttention,
	elman,
	embedding,
	encoderDecoder,
	greedy,
	gru,
	inputFeeding,
	lstm,
	qrnn,
	random,
	softmaxCrossEntropy,
	tensor,
	unroll,
} from "unrolled";
import { expect, test } from "vitest";

const f64 = { dtype: "float64" } as const;

test("input feeding agrees with its equations worked by hand", () => {
	const cell = elman({ inputs: 2, hidden: 1, random: random(1), ...f64 });
	cell.weights.W.data.set([0.3, 0.7]); // x, then what is fed
	cell.weights.U.data.set([-0.2]);
	cell.weights.b.data.set([0.1]);
	const combine = dense({ inputs: 2, outputs: 1, random: random(1), ...f64 });
	combine.weights.W.data.set([0.4, -0.6]); // context, then h
	combine.weights.b.data.set([0.05]);
	const attend = dotAttention().over(tensor([[[0.5]], [[-1]]], f64));
	const fed = inputFeeding(cell, { attend, inputs: 1, outputs: 1, combine });
	let [h, out] = [0, 0];
	const outputs = unroll(fed).apply(tensor([[[4]], [[-2]]], f64)).data;
	[4, -2].forEach((x, t) => {
		h = Math.tanh(0.3 * x + 0.7 * out - 0.2 * h + 0.1);
		const a = Math.exp(0.5 * h) / (Math.exp(0.5 * h) + Math.exp(-h));
		const c = a * 0.5 - (1 - a);
		out = Math.tanh(0.4 * c - 0.6 * h + 0.05);
		expect(outputs[t]).toBeCloseTo(out, 12);
	});
});

test("a decoder that is fed begins where its encoder ended", () => {
	for (const make of [gru, lstm]) {
		const how = { random: random(3), ...f64 };
		const words = () => embedding({ tokens: 5, size: 3, ...how });
		const combine = dense({ inputs: 8, outputs: 6, ...how });
		const cell = make({ inputs: 9, hidden: 4, ...how });
		const reads = words();
		const model = encoderDecoder({
			encoder: chain(
				words(),
				unroll(make({ inputs: 3, hidden: 4, ...how }) as typeof cell),
			),
			decoder: (attend) =>
				chain(
					reads,
					unroll(
						inputFeeding(cell as never, {
							attend,
							inputs: 3,
							outputs: 6,
							combine,
						}),
					),
				),
			attention: dotAttention(),
			output: dense({ inputs: 6, outputs: 5, ...how }),
		});
		expect(Object.keys(model.weights)).toContain("decoder.1.combine.W");
		const source = [
			[1, 2],
			[3, 4],
			[0, 1],
		];
		const target = [
			[0, 0],
			[2, 3],
			[1, 1],
		];
		const loss = () =>
			softmaxCrossEntropy(
				model.apply({ source, target }, { lengths: [3, 2] }),
				[
					[2, 3],
					[1, 1],
					[4, -1],
				],
			);
		expect(checkGradients(loss, model)).toBeLessThan(1e-6);
		// token by token it says what it says at once
		const logits = model.apply({ source, target });
		const decoder = model.encode(source);
		let state: ReturnType<typeof decoder.run>["state"];
		target.forEach((row, t) => {
			const run = decoder.run([row], { state });
			({ state } = run);
			run.outputs.data.forEach((value, i) => {
				expect(value).toBeCloseTo(logits.data[t * 10 + i], 12);
			});
		});
		expect(greedy(decoder, { start: [[0], [0]], limit: 3 })).toHaveLength(2);
	}
});

test("says what it wants", () => {
	const combine = dense({ inputs: 2, outputs: 1, random: random(1), ...f64 });
	const attend = dotAttention().over(tensor([[[0.5]]], f64));
	const how = { attend, inputs: 1, combine };
	const sizes = { inputs: 3, hidden: 1, random: random(1), ...f64 };
	expect(() =>
		inputFeeding(qrnn(sizes) as never, { ...how, outputs: 1 }),
	).toThrow(
		"inputFeeding: the cell's state must have an h, the query of the attention; that of qrnn has c, past",
	);
	const wide = inputFeeding(elman(sizes), { ...how, outputs: 2 });
	expect(() => unroll(wide).apply(tensor([[[1]]], f64))).toThrow(
		"inputFeeding: combine must give [B, F=2], got [1, 1]",
	);
});
