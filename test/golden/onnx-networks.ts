import {
	abs,
	bidirectional,
	chain,
	dense,
	dropout,
	elman,
	embedding,
	gru,
	type Ids,
	irnn,
	type Layer,
	lastStep,
	layerNorm,
	logSoftmax,
	lstm,
	maxOverTime,
	meanOverTime,
	type OnnxOptions,
	random,
	relu,
	repeatOverTime,
	residual,
	reversed,
	sigmoid,
	softmax,
	square,
	type Tensor,
	tanh,
	tensor,
	tied,
	toOnnx,
	unroll,
	wordDropout,
} from "unrolled";

/** A network that `toOnnx` writes, and what it is run on. */
export interface OnnxCase {
	name: string;
	model: Layer<never>;
	/** The numbers of x [T, B, D], or ids [T, B]. */
	input: number[][] | number[][][];
	lengths?: number[];
	bytes: Uint8Array;
	/** What it gives here. */
	outputs: Tensor;
}

const source = random(2026);
/** Weights all over, biases too: a bias of 0 hides where it is added. */
function stirred<L extends Layer<never>>(model: L): L {
	for (const w of Object.values(model.weights))
		for (let i = 0; i < w.size; i++) w.data[i] = source.uniform() * 1.6 - 0.8;
	return model;
}

const sizes = (inputs: number, hidden = 4) => ({
	...{ inputs, hidden, random: source },
});
const cells = {
	elman: () => elman(sizes(3)),
	"elman, sigmoid": () => elman({ ...sizes(3), activation: "sigmoid" }),
	"elman that starts at 0.5": () => elman({ ...sizes(3), context: 0.5 }),
	irnn: () => irnn(sizes(3)),
	lstm: () => lstm(sizes(3)),
	"gru, reset before": () => gru(sizes(3)),
	"gru, reset after": () => gru({ ...sizes(3), reset: "after" }),
};
const words = () => embedding({ tokens: 7, size: 3, random: source });
const head = (inputs: number) => dense({ inputs, outputs: 5, random: source });
const both = (inputs: number, merge: "concat" | "sum" = "concat") =>
	bidirectional({
		forward: unroll(lstm(sizes(inputs))),
		backward: unroll(gru(sizes(inputs))),
		merge,
	});
const any = (model: unknown) => model as Layer<never>;

const networks: Record<string, () => Layer<never>> = {
	...Object.fromEntries(
		Object.entries(cells).map(([name, make]) => [
			name,
			() => any(unroll(make() as ReturnType<typeof elman>)),
		]),
	),
	reversed: () => any(reversed(unroll(lstm(sizes(3))))),
	"reversed chain": () =>
		any(reversed(chain(unroll(lstm(sizes(3))), unroll(gru(sizes(4)))))),
	bidirectional: () => any(both(3)),
	"bidirectional, summed": () => any(both(3, "sum")),
	stacked: () => any(chain(unroll(lstm(sizes(3))), unroll(lstm(sizes(4))))),
	residual: () =>
		any(
			chain(
				unroll(lstm(sizes(3))),
				residual(unroll(gru(sizes(4)))),
				layerNorm({ size: 4, epsilon: 1e-3 }),
			),
		),
	functions: () =>
		any(
			chain(
				...([head(3), tanh, abs, sigmoid, square, relu, softmax] as const),
				logSoftmax,
			),
		),
	tagger: () =>
		any(
			chain(
				wordDropout(words(), 0.2),
				dropout(0.3),
				...[both(3), both(8), head(8)],
			),
		),
	"language model with a tied table": () => {
		const table = words();
		return any(chain(table, unroll(gru(sizes(3, 3))), tied(table)));
	},
	"last step": () => any(chain(words(), both(3), lastStep(), head(8))),
	"last step of both directions": () =>
		any(chain(words(), both(3), lastStep({ directions: 2 }), head(8))),
	"one vector to four steps": () =>
		any(
			chain(
				...([words(), both(3), lastStep()] as const),
				...[repeatOverTime({ steps: 4 }), both(8), head(8)],
			),
		),
	"mean over time": () => any(chain(words(), both(3), meanOverTime(), head(8))),
	"maximum over time": () =>
		any(chain(words(), both(3), maxOverTime(), head(8))),
};

const [T, B] = [5, 3];

/** Networks that are also written for five steps of three sequences alone. */
const fixed = ["tagger", "last step of both directions", "reversed chain"];

/** Every network with all sequences of one length, and with lengths; some also of fixed sizes. */
export function onnxCases(): OnnxCase[] {
	return Object.entries(networks).flatMap(([name, make]) => {
		const lengths = [5, 2, 3];
		return [
			{ as: name, options: {} as OnnxOptions },
			{ as: `${name}, with lengths`, options: { lengths: true } },
			...(fixed.includes(name) ? [sized(name)] : []),
		].map(({ as, options }) => {
			const model = stirred(make());
			const ids = "0.table" in model.weights;
			const input = Array.from({ length: T }, () =>
				Array.from({ length: B }, () =>
					ids
						? source.integer(7)
						: Array.from({ length: 3 }, () => source.uniform() * 2 - 1),
				),
			) as number[][] | number[][][];
			const given = (ids ? (input as Ids) : tensor(input)) as never;
			const told = options.lengths ? { lengths } : {};
			return {
				...{ name: as, model, input, ...told },
				bytes: toOnnx(model, options),
				outputs: model.apply(given, told),
			};
		});
	});
}

const sized = (name: string) => ({
	as: `${name}, of fixed sizes`,
	options: { lengths: true, steps: T, batch: B },
});
