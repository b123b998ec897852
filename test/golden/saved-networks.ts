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
	lstm,
	projectedLstm,
	random,
	type Tensor,
	unroll,
	type WeightSet,
} from "unrolled";

export type Network = { parts: WeightSet; apply(x: never): Tensor };
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
/** Ours by the names in reference/saved.py. */
export const networks: Record<string, () => Network> = {
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

/** Those that read ids. */
export const takesIds = new Set(["tagger", "sequential"]);
