import {
	additiveAttention,
	attending,
	bidirectional,
	type Cell,
	chain,
	deepOutput,
	deepTransition,
	dense,
	dotAttention,
	elman,
	embedding,
	encoderDecoder,
	generalAttention,
	gru,
	type Ids,
	jordan,
	type Layer,
	lstm,
	type NetworkGraph,
	networkGraph,
	noGrad,
	qrnn,
	random,
	residualStack,
	reversed,
	rhn,
	skipStack,
	sru,
	Tensor,
	tanh,
	unroll,
	zoneout,
} from "unrolled";
import { describe, expect, test } from "vitest";

const H = 3;
const seed = random(1);
const sizes = { inputs: H, hidden: H, random: seed };
const wide = { ...sizes, inputs: 2 * H };
const words = () => embedding({ tokens: 4, size: H, random: seed });
const scores = (inputs = H) => dense({ inputs, outputs: 4, random: seed });
const over = (cell: Cell) => unroll(cell as Cell<Tensor>);

/** Networks over x [3, 1, H]. */
const networks: Record<string, Layer> = {
	elman: over(elman(sizes)),
	jordan: over(jordan({ ...sizes, outputs: 2 })),
	lstm: over(lstm(sizes) as Cell),
	gru: over(gru(sizes)),
	rhn: over(rhn({ ...sizes, depth: 2 })),
	sru: over(sru(sizes)),
	qrnn: over(qrnn({ ...sizes, pooling: "ifo" }) as Cell),
	"deep transition": over(deepTransition({ ...sizes, depth: 2 })),
	zoneout: over(zoneout(gru(sizes), { h: 0.1 }) as Cell),
	"dense alone": scores(),
	stacked: chain(over(gru(sizes)), tanh, over(gru(sizes)), scores()),
	reversed: reversed(over(gru(sizes))),
	bidirectional: chain(
		bidirectional({ forward: over(gru(sizes)), backward: over(elman(sizes)) }),
		scores(2 * H),
	),
	"bidirectional, summed": bidirectional({
		forward: over(gru(sizes)),
		backward: over(gru(sizes)),
		merge: "sum",
	}),
	residual: residualStack([over(gru(sizes)), over(gru(sizes))]),
	skips: skipStack(over(gru(sizes)), over(gru(wide))),
	"deep output": chain(
		over(gru(sizes)),
		deepOutput({ inputs: H, hidden: [3], outputs: 2, random: seed }),
	),
};

const reader = () => chain(words(), over(gru(sizes)));
const [looking, known] = [gru(wide), words()];
/** Networks over ids, source [3, 1] and target [2, 1]. */
const pairs: Record<string, Layer<{ source: Ids; target: Ids }>> = {
	"encoder–decoder": encoderDecoder({
		encoder: reader(),
		decoder: reader(),
		output: scores(),
	}),
	"with attention after the steps": encoderDecoder({
		encoder: reader(),
		decoder: reader(),
		output: scores(2 * H),
		attention: dotAttention(),
	}),
	"with general attention": encoderDecoder({
		encoder: reader(),
		decoder: reader(),
		output: scores(2 * H),
		attention: generalAttention({ queries: H, memory: H, random: seed }),
	}),
	"with attention before each step": encoderDecoder({
		encoder: reader(),
		decoder: (attend) =>
			chain(known, over(attending(looking, { attend, inputs: H }))),
		output: scores(),
		attention: additiveAttention({
			queries: H,
			memory: H,
			hidden: 2,
			random: seed,
		}),
	}),
};

/** Which inputs reach which outputs in a graph, as rows of outputs. */
function reached({ nodes, edges }: NetworkGraph): boolean[][] {
	const ofKind = (kind: string) => nodes.filter((node) => node.kind === kind);
	const below = (id: number, seen = new Set<number>()): Set<number> => {
		if (seen.has(id)) return seen;
		seen.add(id);
		for (const { from, to } of edges) if (to === id) below(from, seen);
		return seen;
	};
	return ofKind("output").map(({ id }) => {
		const found = below(id);
		return ofKind("input").map((input) => found.has(input.id));
	});
}

/** Which inputs do change which outputs. */
function changed<In>(
	net: Layer<In>,
	input: In,
	others: readonly In[],
): boolean[][] {
	const run = (x: In) => noGrad(() => net.apply(x)).toArray() as unknown[];
	const before = run(input);
	const after = others.map(run);
	return before.map((row, t) =>
		after.map((rows) => JSON.stringify(rows[t]) !== JSON.stringify(row)),
	);
}

describe.each(Object.entries(networks))("%s", (_, net) => {
	const x = new Tensor(
		Float32Array.from({ length: 3 * H }, (_, i) => Math.sin(i + 1)),
		[3, 1, H],
	);
	const others = [0, 1, 2].map((t) => {
		const data = x.data.slice();
		for (let i = 0; i < H; i++) data[t * H + i] += 0.5;
		return new Tensor(data, x.shape);
	});
	test("an input reaches an output in the graph when it changes that output, and only then", () => {
		expect(reached(networkGraph(net, x))).toEqual(changed(net, x, others));
	});
});

describe.each(Object.entries(pairs))("%s", (_, net) => {
	const pair = { source: [[1], [2], [3]], target: [[0], [1]] };
	const others = [0, 1, 2, 3, 4].map((t) => {
		const { source, target } = structuredClone(pair);
		if (t < 3) source[t] = [0];
		else target[t - 3] = [2];
		return { source, target };
	});
	test("an input reaches an output in the graph when it changes that output, and only then", () => {
		expect(reached(networkGraph(net, pair))).toEqual(
			changed(net, pair, others),
		);
	});
});

/** `elman h 1 ← embedding 1, start 0`, with the steps counted from 1. */
function lines({ nodes, edges }: NetworkGraph): string[] {
	const called = (id: number) => {
		const { name, letters, step } = nodes[id];
		return [name, ...letters, step + 1].join(" ");
	};
	return nodes
		.filter(({ kind }) => kind !== "input" && kind !== "start")
		.map(({ id }) => {
			const read = edges.filter(({ to }) => to === id);
			const from = read.map(({ from, weight }) =>
				[called(from), ...(weight ? [`by ${weight}`] : [])].join(" "),
			);
			return `${called(id)} ← ${from.join(", ")}`;
		});
}

test("a language model reads a symbol at each step and hands its state on", () => {
	const net = chain(words(), over(elman(sizes)), scores());
	expect(lines(networkGraph(net, [[1], [2]]))).toEqual([
		"embedding 1 ← x 1",
		"embedding 2 ← x 2",
		"elman h 1 ← embedding 1 by W, start h 0 by U",
		"elman h 2 ← embedding 2 by W, elman h 1 by U",
		"dense 1 ← elman h 1",
		"dense 2 ← elman h 2",
		"y 1 ← dense 1",
		"y 2 ← dense 2",
	]);
});

test("a backward layer reads from the end, and what follows reads both directions", () => {
	const net = chain(networks.bidirectional, tanh);
	expect(
		lines(
			networkGraph(
				net,
				new Tensor(new Float32Array(2 * H).fill(0.1), [2, 1, H]),
			),
		),
	).toEqual([
		"gru h 1 ← x 1, start h 0",
		"gru h 2 ← x 2, gru h 1",
		"elman h 2 ← x 2 by W, start h 3 by U",
		"elman h 1 ← x 1 by W, elman h 2 by U",
		"dense 1 ← elman h 1, gru h 1",
		"dense 2 ← elman h 2, gru h 2",
		"tanh 1 ← dense 1",
		"tanh 2 ← dense 2",
		"y 1 ← tanh 1",
		"y 2 ← tanh 2",
	]);
});

test("attention before each step is asked by the state before it", () => {
	const graph = networkGraph(pairs["with attention before each step"], {
		source: [[1], [2]],
		target: [[0], [1]],
	});
	const found = lines(graph).filter((line) => line.startsWith("add"));
	expect(found).toEqual([
		"additiveAttention 3 ← gru h 2, gru h 1",
		"additiveAttention 4 ← attending(gru) h 3, gru h 2, gru h 1",
	]);
});

test("layers and cells in other hands are seen as they work, not as they are called", () => {
	const cell = elman(sizes);
	const deaf: Cell<Tensor> = {
		...cell,
		step: (x, h, tap) => cell.step(x, cell.start(h.shape[0]), tap), // forgets its state
	};
	const { nodes, edges } = networkGraph(
		unroll(deaf),
		new Tensor(new Float32Array(2 * H).fill(0.1), [2, 1, H]),
	);
	expect(
		edges.filter(({ state, from }) => state && nodes[from].kind === "cell"),
	).toEqual([]);
});
