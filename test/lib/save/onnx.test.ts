import { PbfReader } from "pbf";
import {
	attentionOverTime,
	bidirectional,
	type Cell,
	chain,
	dense,
	embedding,
	gru,
	type Layer,
	layer,
	lstm,
	peephole,
	projectedLstm,
	random,
	rhn,
	skipStack,
	square,
	sum,
	type Tensor,
	tanh,
	tied,
	toOnnx,
	unroll,
	weightDrop,
	zoneout,
} from "unrolled";
import { describe, expect, test } from "vitest";

const source = random(1);
const sizes = { inputs: 3, hidden: 4, random: source };
const any = (model: unknown) => model as Layer<never>;

/** The sizes of the inputs and outputs of a file, and how many constants it stores, read by their field numbers in onnx.proto. */
function read(bytes: Uint8Array) {
	const ports: Record<string, (number | string)[]> = {};
	let constants = 0;
	const skip = () => {};
	const port = (pbf: PbfReader) => {
		let name = "";
		const sizes: (number | string)[] = [];
		const into =
			(field: number, then: (pbf: PbfReader) => void) =>
			(tag: number, _: null, pbf: PbfReader) => {
				if (tag === field) then(pbf);
			};
		pbf.readMessage((tag, _: null, inner) => {
			if (tag === 1) name = inner.readString();
			if (tag === 2)
				inner.readMessage(
					into(1, (type) =>
						type.readMessage(
							into(2, (shape) =>
								shape.readMessage(
									into(1, (size) =>
										size.readMessage((kind, _none: null, value) => {
											if (kind === 1) sizes.push(value.readVarint());
											if (kind === 2) sizes.push(value.readString());
										}, null),
									),
									null,
								),
							),
							null,
						),
					),
					null,
				);
		}, null);
		ports[name] = sizes;
	};
	new PbfReader(bytes).readFields((tag, _: null, file) => {
		if (tag !== 7) return skip();
		file.readMessage((field, _none: null, graph) => {
			if (field === 5) constants++;
			if (field === 11 || field === 12) port(graph);
		}, null);
	}, null);
	return { ports, constants };
}

describe("toOnnx", () => {
	const tagger = () =>
		any(
			chain(
				embedding({ tokens: 7, size: 3, random: source }),
				unroll(lstm(sizes)),
				dense({ inputs: 4, outputs: 5, random: source }),
			),
		);

	test("leaves T and B open, or fixes them", () => {
		expect(read(toOnnx(tagger())).ports).toEqual({
			ids: ["T", "B"],
			outputs: ["T", "B", 5],
		});
		expect(
			read(toOnnx(tagger(), { steps: 9, batch: 2, lengths: true })).ports,
		).toEqual({ ids: [9, 2], lengths: [2], outputs: [9, 2, 5] });
		expect(read(toOnnx(any(unroll(gru(sizes))))).ports).toEqual({
			x: ["T", "B", 3],
			outputs: ["T", "B", 4],
		});
	});

	test("stores a weight that is used twice once", () => {
		const words = embedding({ tokens: 7, size: 3, random: source });
		const cell = unroll(gru({ ...sizes, hidden: 3 }));
		const once = read(toOnnx(any(chain(words, cell)))).constants;
		expect(read(toOnnx(any(chain(words, cell, tied(words))))).constants).toBe(
			once + 1,
		);
		const alone = read(toOnnx(any(cell))).constants;
		expect(
			read(toOnnx(any(bidirectional({ forward: cell, backward: cell }))))
				.constants,
		).toBe(alone);
	});

	test("writes what a mask in training leaves of a cell in evaluation", () => {
		const cell = gru(sizes);
		expect(toOnnx(any(unroll(weightDrop(cell, 0.5))))).toEqual(
			toOnnx(any(unroll(cell))),
		);
	});

	const own = layer("mine", {}, (x: Tensor) => ({
		outputs: square(x),
		state: undefined,
	}));
	const twice = (x: Tensor) => tanh(tanh(x));
	const cells = [
		["peephole", peephole(sizes)],
		["projectedLstm", projectedLstm({ ...sizes, projection: 2 })],
		["rhn", rhn({ ...sizes, depth: 2 })],
		["lstm", zoneout(lstm(sizes), { c: 0.1, h: 0.1 })],
	] as unknown as [string, Cell][];

	test.each(cells)("says that it cannot write the cell %s", (name, cell) => {
		const model = chain(
			dense({ inputs: 3, outputs: 3, random: source }),
			unroll(cell),
		);
		expect(() => toOnnx(any(model))).toThrow(
			`toOnnx: the cell ${name} at 1 cannot be written: ONNX has operators for elman (tanh, sigmoid, relu), irnn, lstm and gru, and none for what a wrapper such as zoneout makes of them`,
		);
	});

	test.each([
		["mine", chain(unroll(lstm(sizes)), own), "mine at 1"],
		[
			"a function",
			chain(unroll(lstm(sizes)), twice),
			"the function twice at 1",
		],
		[
			"a sum",
			chain(unroll(lstm(sizes)), (x) => sum(x)),
			"the function function at 1",
		],
		[
			"attention",
			attentionOverTime({ inputs: 3, hidden: 2, random: source }),
			"attentionOverTime",
		],
		[
			"skips",
			skipStack(unroll(lstm(sizes)), unroll(lstm({ ...sizes, inputs: 7 }))),
			"skipStack",
		],
	])("says which part it cannot write: %s", (_, model, part) => {
		expect(() => toOnnx(any(model))).toThrow(
			`toOnnx: ${part} cannot be written: what it does is not one of the layers and functions that toOnnx knows`,
		);
	});
});
