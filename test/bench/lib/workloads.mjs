/** The workloads: what every peer does, by name. Sizes: T steps, B sequences, D inputs, H hidden, V characters. */
const long = { B: 32, T: 64 };
export const workloads = {
	"LSTM training, H 128": {
		kind: "train",
		cell: "lstm",
		...long,
		D: 128,
		H: 128,
	},
	"LSTM training, H 512": {
		kind: "train",
		cell: "lstm",
		...long,
		D: 512,
		H: 512,
	},
	"GRU training, H 128": {
		kind: "train",
		cell: "gru",
		...long,
		D: 128,
		H: 128,
	},
	"Elman training, H 128": {
		kind: "train",
		cell: "elman",
		...long,
		D: 128,
		H: 128,
	},
	"char-RNN training": { kind: "text", B: 50, T: 50, V: 65, H: 128, layers: 2 },
	"generating, H 128": { kind: "generate", V: 65, H: 128, characters: 100 },
	"generating, H 512": { kind: "generate", V: 65, H: 512, characters: 100 },
	"LSTM inference, H 128": {
		kind: "infer",
		cell: "lstm",
		...long,
		D: 128,
		H: 128,
	},
	classroom: { kind: "train", cell: "lstm", B: 1, T: 10, D: 16, H: 16 },
};

/** Steps of sequences in one run of a workload: what a rate counts. */
export function tokens({ kind, B, T, characters }) {
	return kind === "generate" ? characters : B * T;
}

/** Numbers from −1 to 1, the same for everybody. */
export function noise(seed) {
	let s = seed;
	return () => {
		s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
		return (s / 2 ** 32) * 2 - 1;
	};
}

export function numbers(count, seed) {
	return Float32Array.from({ length: count }, noise(seed));
}

/** Characters [T][B]. */
export function text({ T, B, V }, seed) {
	const next = noise(seed);
	return Array.from({ length: T }, () =>
		Array.from({ length: B }, () => Math.floor(((next() + 1) / 2) * V)),
	);
}
