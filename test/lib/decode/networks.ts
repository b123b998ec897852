import {
	chain,
	dense,
	embedding,
	gru,
	type Ids,
	type Layer,
	normal,
	random,
	unroll,
} from "unrolled";

/** Writes by a table: row i holds the probabilities of what comes after token i, and nothing else matters. */
export function byTable(probabilities: readonly number[][]): Layer<Ids> {
	const K = probabilities.length;
	const table = embedding({ tokens: K, size: K, random: random(1) });
	table.weights.table.data.set(probabilities.flat().map(Math.log));
	return table;
}

/** A network that says of each of its runs whether it was recorded for gradients. */
export function watched(model: Layer<Ids>): {
	model: Layer<Ids>;
	recorded: boolean[];
} {
	const recorded: boolean[] = [];
	const run: Layer<Ids>["run"] = (ids, options) => {
		const done = model.run(ids, options);
		recorded.push(done.outputs.requiresGrad);
		return done;
	};
	return { model: { ...model, run }, recorded };
}

/** A GRU of four tokens that never learnt, with opinions strong enough to differ. */
export function opinionated(seed: number): Layer<Ids> {
	const source = random(seed);
	return chain(
		embedding({ tokens: 4, size: 3, random: source }),
		unroll(gru({ inputs: 3, hidden: 5, random: source })),
		dense({
			inputs: 5,
			outputs: 4,
			random: source,
			initial: { W: normal(2) },
		}),
	);
}
