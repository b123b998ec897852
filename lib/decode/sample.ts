import type { Vocabulary } from "../data/vocabulary.ts";
import type { Layer, LayerState } from "../layers/layer.ts";
import type { Ids } from "../ops/select.ts";
import type { Random } from "../random.ts";
import { noGrad, type Tensor } from "../tensor.ts";

export interface SampleOptions {
	random: Random;
	/** Divides the logits: below 1 safer, above 1 bolder, 0 the likeliest always. Default 1. */
	temperature?: number;
}

/**
 * Draws one of K classes from logits [K] (or [1, …, K]).
 * @throws when the temperature is negative or the logits are not those of one choice.
 */
export function sample(
	logits: Tensor,
	{ random, temperature = 1 }: SampleOptions,
): number {
	const K = logits.shape.at(-1) ?? 0;
	if (logits.size !== K || K === 0)
		throw new Error(
			`sample: logits must be [K], got [${logits.shape.join(", ")}]`,
		);
	if (!(temperature >= 0))
		throw new Error(
			`sample: temperature must be 0 or more, got ${temperature}`,
		);
	const x = logits.data;
	let top = 0;
	for (let k = 1; k < K; k++) if (x[k] > x[top]) top = k;
	if (temperature === 0) return top;
	const weights = Float64Array.from(x, (v) =>
		Math.exp((v - x[top]) / temperature),
	);
	return random.choice(weights);
}

export interface WriteOptions extends SampleOptions {
	vocabulary: Vocabulary;
	/** What the network reads first; the text goes on from it. */
	start: string;
	/** How many tokens to write. */
	length: number;
}

/**
 * Lets a network of characters write: it reads `start`, then what it has drawn itself, one token at a time.
 * @returns what it wrote, without `start`.
 */
export function write(
	model: Layer<Ids>,
	{ vocabulary, start, length, ...how }: WriteOptions,
): string {
	if (start.length === 0)
		throw new Error("write: start must hold at least one token");
	return noGrad(() => {
		let state: LayerState;
		const read = (id: number): Tensor => {
			const next = model.run([[id]], { state });
			state = next.state;
			return next.outputs;
		};
		const given = vocabulary.encode(start);
		for (const id of given.slice(0, -1)) read(id);
		const written = [given[given.length - 1]];
		while (written.length <= length)
			written.push(sample(read(written[written.length - 1]), how));
		return vocabulary.decode(written.slice(1));
	});
}
