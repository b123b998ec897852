import {
	additiveAttention,
	attending,
	bidirectional,
	type Cell,
	deepTransition,
	dense,
	elman,
	gal,
	generalAttention,
	gru,
	inputFeeding,
	irnn,
	jordan,
	type Layer,
	layerNormLstm,
	learntStart,
	lstm,
	lstm1997,
	normal,
	peephole,
	projectedLstm,
	qrnn,
	random,
	reversed,
	rhn,
	semeniuta,
	sru,
	sru2017,
	Tensor,
	teacherForced,
	unroll,
	weightDrop,
	zeros,
	zoneout,
} from "unrolled";

/** float64, D 3, H 4; biases and peepholes that start at 0 are moved off it, so that nothing hides. */
const make = {
	inputs: 3,
	hidden: 4,
	random: random(5),
	dtype: "float64",
} as const;
const moved = normal(0.5);
const b = { initial: { b: moved } };

/** Its first state moved off 0. */
function begun(cell: Cell): Cell {
	const begins = learntStart(cell);
	for (const [name, w] of Object.entries(begins.weights))
		if (name.startsWith("start."))
			for (let i = 0; i < w.size; i++) w.data[i] = Math.sin(3 * i + 2);
	return begins;
}

/** Cells that do the same in training. */
export const simple: [string, Cell][] = [
	["elman, tanh", elman(make)],
	[
		"elman, sigmoid, context 0.5",
		elman({ ...make, activation: "sigmoid", context: 0.5 }),
	],
	["elman, relu", elman({ ...make, activation: "relu" })],
	["irnn", irnn({ ...make, scale: 0.9, initial: { W: moved } })],
	["jordan", jordan({ ...make, outputs: 2, decay: 0.3 })],
	["jordan, teacher forced", teacherForced(jordan({ ...make, outputs: 2 }))],
	["lstm", lstm(make)],
	[
		"lstm with peepholes",
		peephole({ ...make, initial: { p: moved, b: moved } }),
	],
	["lstm of 1997", lstm1997({ ...make, ...b })],
	["lstm, projected", projectedLstm({ ...make, projection: 2 })],
	[
		"lstm, layer normalisation",
		layerNormLstm({ ...make, initial: { a: moved, b: moved } }),
	],
	["gru, reset before", gru(make)],
	["gru, reset after", gru({ ...make, reset: "after" })],
	["rhn, depth 3", rhn({ ...make, depth: 3, initial: { b: moved } })],
	["sru", sru({ ...make, initial: { v: moved, b: moved } })],
	["sru, D = H", sru({ ...make, hidden: 3, initial: { v: moved } })],
	["sru of 2017", sru2017({ ...make, ...b })],
	["qrnn, fo", qrnn({ ...make, ...b })],
	["qrnn, f, window 1", qrnn({ ...make, window: 1, pooling: "f" })],
	["qrnn, ifo, window 3", qrnn({ ...make, window: 3, pooling: "ifo" })],
	["deep transition", deepTransition({ ...make, depth: 3, ...b })],
	[
		"deep transition, shortcut",
		deepTransition({ ...make, depth: 2, shortcut: true, ...b }),
	],
	["lstm with a learnt start", begun(lstm(make))],
	["qrnn with a learnt start", begun(qrnn({ ...make, ...b }))],
];

/** Cells that draw masks while training. */
export const wrapped: [string, Cell][] = [
	["zoneout of lstm", zoneout(lstm(make), { c: 0.5, h: 0.25 })],
	["zoneout of gru", zoneout(gru(make), 0.3)],
	["zoneout of sru", zoneout(sru(make), 0.3)],
	["zoneout of qrnn", zoneout(qrnn(make), { c: 0.3 })],
	["semeniuta of lstm, per step", semeniuta(lstm(make), 0.5)],
	[
		"semeniuta of gru, per sequence",
		semeniuta(gru(make), 0.5, { per: "sequence" }),
	],
	["gal of lstm", gal(lstm(make), { inputs: 0.3, state: 0.5, outputs: 0.25 })],
	["gal of rhn", gal(rhn({ ...make, depth: 2 }), { state: 0.5 })],
	["weight drop of lstm", weightDrop(lstm(make), 0.5)],
	["qrnn, fo, zoneout of its own", qrnn({ ...make, ...b, zoneout: 0.4 })],
	[
		"qrnn, ifo, zoneout of its own",
		qrnn({ ...make, pooling: "ifo", zoneout: 0.4 }),
	],
	[
		"gal of lstm, untied",
		gal(lstm(make), { inputs: 0.3, state: 0.5, untied: true }),
	],
	[
		"gal of elman, untied, outputs too",
		gal(elman(make), { inputs: 0.3, outputs: 0.25, untied: true }),
	],
	["weight drop of gru with a learnt start", weightDrop(begun(gru(make)), 0.5)],
	["learnt start of zoneout of gru", learntStart(zoneout(gru(make), 0.3))],
	["weight drop of elman, W too", weightDrop(elman(make), 0.5, ["W", "U"])],
	[
		"all of them",
		zoneout(
			weightDrop(
				semeniuta(gal(lstm(make), { inputs: 0.3, state: 0.3 }), 0.3),
				0.3,
			),
			{ c: 0.3, h: 0.3 },
		),
	],
];

/** Every cell and wrapper, by the name a test shows. */
export const cells = [...simple, ...wrapped];

/** A layer over sequences [T, B, D], made for each memory [S, B, 2] that it may look back at. */
export interface Sequences {
	inputs: number;
	over(memory: Tensor): Layer;
	/** From the end, or from both, which cannot go on where it ended; default from the start. */
	reads?: "backward" | "both ways";
}
type Named = [string, Sequences];
const known = (name: string) =>
	(cells.find(([own]) => own === name) as [string, Cell])[1];

/** The last two inputs of the cell are what it finds in the memory. */
function looking(name: string): Named {
	const cell = known(name);
	const state = cell.start(0);
	const { shape } = state instanceof Tensor ? state : state.h;
	const sizes = { queries: shape[1], memory: 2, hidden: 2 };
	const { random, dtype } = make;
	const attention = additiveAttention({ random, dtype, ...sizes });
	const { W, U, v } = attention.weights;
	const own = { "attention.W": W, "attention.U": U, "attention.v": v };
	const inputs = cell.inputs - 2;
	const over = (memory: Tensor): Layer => {
		const attend = attention.over(memory);
		const layer = unroll(attending(cell, { attend, inputs }));
		// the memory too has gradients
		return { ...layer, weights: { ...cell.weights, ...own, memory } };
	};
	return [`attending, ${name}`, { inputs, over }];
}

/** What came of a step is fed to the next. */
function feeding(name: string): Named {
	const cell = known(name);
	const inputs = cell.inputs - 2;
	const sizes = { inputs: 2 + 4, outputs: 2 };
	const { random, dtype } = make;
	const combine = dense({ ...sizes, random, dtype });
	const attention = generalAttention({ queries: 4, memory: 2, random, dtype });
	const over = (memory: Tensor): Layer => {
		const attend = attention.over(memory);
		const layer = unroll(
			inputFeeding(cell, { attend, inputs, outputs: 2, combine }),
		);
		const { W } = attention.weights;
		return {
			...layer,
			weights: { ...layer.weights, "attention.W": W, memory },
		};
	};
	return [`input feeding, ${name}`, { inputs, over }];
}

function turned(name: string): Named {
	const cell = known(name);
	const over = () => reversed(unroll(cell));
	return [
		`reversed, ${name}`,
		{ inputs: cell.inputs, over, reads: "backward" },
	];
}

/** Their sum, where they are of one size. */
function both(ahead: string, back: string): Named {
	const cells = [known(ahead), known(back)];
	const [forward, backward] = cells.map(unroll);
	const merge = cells[0].hidden === cells[1].hidden ? "sum" : "concat";
	const over = () => bidirectional({ forward, backward, merge });
	return [
		`bidirectional, ${ahead}; ${back}`,
		{ inputs: cells[0].inputs, over, reads: "both ways" },
	];
}

/** Every cell as a layer, and several looking back at a memory, read from the end, and in both directions. */
export const layers: Named[] = [
	...cells.map(([name, cell]): Named => {
		return [name, { inputs: cell.inputs, over: () => unroll(cell) }];
	}),
	...[
		"elman, sigmoid, context 0.5",
		"lstm, projected",
		"gru, reset before",
		"deep transition, shortcut",
		"zoneout of gru",
		"weight drop of elman, W too",
	].map(looking),
	...["elman, relu", "lstm", "gru, reset after"].map(feeding),
	...["jordan, teacher forced", "sru", "qrnn, ifo, window 3"].map(turned),
	both("elman, tanh", "qrnn, fo"),
	both("jordan", "gru, reset after"),
	both("sru, D = H", "elman, relu"),
	both("zoneout of sru", "weight drop of elman, W too"),
];
/** Those that draw masks while training. */
export const masked = layers.filter(([name]) =>
	wrapped.some(([drawing]) => name.includes(drawing)),
);

/** What cells are made from whose masks are to be seen: enough units for some to drop and some to stay. */
export const eight = {
	inputs: 2,
	hidden: 8,
	random: random(5),
	dtype: "float64",
} as const;
/** Options of a run that draws masks. */
export const training = (seed: number) => ({
	training: true,
	random: random(seed),
});
/** Numbers [T, B, D] that look random enough. */
export const some = (T: number, B: number, D: number): Tensor => {
	const made = zeros([T, B, D], { dtype: "float64" });
	for (let i = 0; i < made.size; i++) made.data[i] = Math.sin(7 * i + 1);
	return made;
};
/** The cell as it is in one run of training. */
export const drawn = <C extends Cell>(cell: C, seed = 1): Cell =>
	cell.prepare?.({ dtype: "float64", ...training(seed) }) as Cell;
