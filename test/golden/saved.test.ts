import {
	bidirectional,
	type Cell,
	chain,
	dense,
	elman,
	embedding,
	gru,
	type Ids,
	type Layer,
	loadPytorch,
	lstm,
	projectedLstm,
	random,
	readSafetensors,
	type Tensor,
	tensor,
	toPytorch,
	unroll,
	type WeightSet,
	writeSafetensors,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { fixtures } from "./fixtures.ts";

type Network = { parts: WeightSet; apply(x: never): Tensor };
const sizes = { inputs: 3, hidden: 4, random: random(1) };
const alone = (cell: Cell): Network => {
	const layer = unroll(cell);
	return { parts: layer, apply: layer.apply };
};
const both = (make: (inputs: number) => Cell, inputs = 3) =>
	bidirectional({
		forward: unroll(make(inputs)),
		backward: unroll(make(inputs)),
	});
const of = (layer: Layer<never>): Network => ({
	parts: layer,
	apply: layer.apply,
});
const after = (inputs: number) => ({ ...sizes, inputs });
/** Ours by the names of the cases in reference/saved.py. */
const networks: Record<string, () => Network> = {
	rnn: () => alone(elman(sizes)),
	"rnn-relu": () => alone(elman({ ...sizes, activation: "relu" })),
	lstm: () => alone(lstm(sizes) as Cell),
	"lstm-projected": () =>
		alone(projectedLstm({ ...sizes, projection: 2 }) as Cell),
	gru: () => alone(gru({ ...sizes, reset: "after" })),
	"gru-bidirectional": () =>
		of(
			both((inputs) =>
				gru({ ...after(inputs), reset: "after" }),
			) as Layer<never>,
		),
	"lstm-stacked": () =>
		of(chain(unroll(lstm(sizes)), unroll(lstm(after(4)))) as Layer<never>),
	tagger: () => {
		const words = embedding({ tokens: 7, size: 3, random: random(1) });
		const make = (inputs: number) => lstm(after(inputs)) as Cell;
		const layers = chain(both(make), both(make, 8));
		const head = dense({ inputs: 8, outputs: 5, random: random(1) });
		return {
			parts: { words, lstm: layers, head },
			apply: (ids: Ids) => head.apply(layers.apply(words.apply(ids))),
		};
	},
	sequential: () =>
		of(
			chain(
				embedding({ tokens: 7, size: 3, random: random(1) }),
				unroll(gru({ ...sizes, reset: "after" })),
				dense({ inputs: 4, outputs: 5, random: random(1) }),
			) as Layer<never>,
		),
};

const cases = fixtures("saved");

describe("networks saved by PyTorch", () => {
	test.each(cases)(
		"$name: runs here as it did there, and goes back as it came",
		(reference) => {
			const { parts, apply } = networks[reference.cell]();
			const bytes = Buffer.from(reference.options?.file as string, "base64");
			const { tensors } = readSafetensors(bytes);
			loadPytorch(parts, tensors);
			const { x } = reference.inputs;
			const ids = ["tagger", "sequential"].includes(reference.cell);
			const outputs = apply((ids ? x : tensor(x as number[])) as never);
			tensor(reference.results.outputs as number[]).data.forEach((value, i) => {
				expect(outputs.data[i]).toBeCloseTo(value, 5);
			});
			// back: the same names and shapes, and the same sum of its two biases
			const again = readSafetensors(writeSafetensors(toPytorch(parts))).tensors;
			const missing = Object.keys(tensors).filter((name) => !(name in again));
			expect(missing).toEqual([]);
			for (const [name, t] of Object.entries(tensors)) {
				expect(again[name].shape, name).toEqual(t.shape);
				if (!name.includes("bias"))
					expect(again[name].data, name).toEqual(t.data);
			}
		},
	);

	test("every kind has a case", () => {
		expect(new Set(cases.map(({ cell }) => cell))).toEqual(
			new Set(Object.keys(networks)),
		);
	});
});
