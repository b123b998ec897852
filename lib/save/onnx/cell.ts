import { kernelOf } from "../../cells/all-steps.ts";
import type { Cell } from "../../cells/cell.ts";
import { parts } from "../../cells/state.ts";
import type { Shape, Tensor } from "../../tensor.ts";
import type { Attribute } from "./file.ts";
import type { Builder, Value } from "./graph.ts";

/** ONNX's operator for the equations of one of our kernels. */
interface Operator {
	name: string;
	/** Our gates in ONNX's order of rows. */
	gates: readonly string[];
	/** The gate whose recurrent product has a bias of its own. */
	recurrentBias?: string;
	attributes: Readonly<Record<string, Attribute>>;
}

const rnn = (activation: string): Operator => ({
	name: "RNN",
	gates: [""],
	attributes: { activations: [activation] },
});

/**
 * By the names of kernels. ONNX's GRU keeps by z as ours does; `linear_before_reset` says that r works after the product with U, which then has a
 * bias of its own.
 */
const operators: Readonly<Record<string, Operator>> = {
	lstm: { name: "LSTM", gates: ["i", "o", "f", "g"], attributes: {} },
	"gru-before": {
		name: "GRU",
		gates: ["z", "r", ""],
		attributes: { linear_before_reset: 0n },
	},
	"gru-after": {
		name: "GRU",
		gates: ["z", "r", ""],
		recurrentBias: "",
		attributes: { linear_before_reset: 1n },
	},
	"elman-tanh": rnn("Tanh"),
	"elman-sigmoid": rnn("Sigmoid"),
	"elman-relu": rnn("Relu"),
};

/** Adds a cell over all steps of xs [T, B, D], from the start, or from each sequence's end if `backward`. @throws when ONNX has no operator of its equations. */
export function addCell(
	builder: Builder,
	{ place, cell, backward }: { place: string; cell: Cell; backward: boolean },
	x: Value,
): Value {
	const operator = operators[kernelOf(cell) ?? ""];
	if (!operator)
		throw new Error(
			`toOnnx: the cell ${cell.name}${place ? ` at ${place.slice(0, -1)}` : ""} cannot be written: ONNX has operators for elman (tanh, sigmoid, relu), irnn, lstm and gru, and none for what a wrapper such as zoneout makes of them`,
		);
	const xs = builder.cleared(place, x);
	const { gates, recurrentBias } = operator;
	const { weights: w, hidden: H } = cell;
	const turned = (letter: string) => () =>
		rows(gates.map((gate) => w[`${letter}${gate}`]));
	const key = `${operator.name} ${gates.join()}`;
	const first = gates[0];
	const inputs = [
		xs.name,
		builder.weight(`${place}W`, w[`W${first}`], key, turned("W")),
		builder.weight(`${place}U`, w[`U${first}`], key, turned("U")),
		builder.weight(`${place}b`, w[`b${first}`], key, () => ({
			shape: [1, 2 * gates.length * H],
			data: [
				...gates.flatMap((gate) => [...w[`b${gate}`].data]),
				...gates.flatMap((gate) =>
					gate === recurrentBias ? [...w.c.data] : new Array<number>(H).fill(0),
				),
			],
		})),
		builder.lengthsOf(xs) ?? "",
		...startOf(builder, place, cell, xs),
	];
	const steps = builder.add(place, operator.name, trimmed(inputs), {
		hidden_size: BigInt(H),
		direction: backward ? "reverse" : "forward",
		...operator.attributes,
	});
	const name = builder.add(place, "Squeeze", [steps, builder.integers([1])]);
	return { ...xs, name, width: H };
}

/** Our matrices [D, H] of several gates as one [1, gates · H, D]. */
function rows(matrices: readonly Tensor[]): { shape: Shape; data: number[] } {
	const [D, H] = matrices[0].shape;
	const data = matrices.flatMap(({ data }) =>
		Array.from(
			{ length: H * D },
			(_, i) => data[(i % D) * H + Math.floor(i / D)],
		),
	);
	return { shape: [1, matrices.length * H, D], data };
}

/** The state before the first step, for each sequence the same, where it is not 0. */
function startOf(
	builder: Builder,
	place: string,
	cell: Cell,
	xs: Value,
): string[] {
	const start = Object.entries(parts(cell, cell.start(1)));
	if (start.every(([, { data }]) => data.every((value) => value === 0)))
		return [];
	const [one, B] = [builder.integers([1]), builder.sizeOf(place, xs, 1)];
	return start.map(([name, t]) => {
		const shape = builder.add(
			place,
			"Concat",
			[one, B, builder.integers([t.shape[1]])],
			{ axis: 0n },
		);
		const row = builder.weight(`${place}${name}₀`, t, "", () => ({
			shape: [1, 1, t.shape[1]],
			data: t.data,
		}));
		return builder.add(place, "Expand", [row, shape]);
	});
}

/** Names without the empty ones at their end. */
function trimmed(names: readonly string[]): string[] {
	return names.slice(0, names.findLastIndex((name) => name !== "") + 1);
}
