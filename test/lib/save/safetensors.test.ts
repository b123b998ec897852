import {
	chain,
	copyWeights,
	dense,
	gru,
	loadPytorch,
	lstm,
	peephole,
	random,
	readSafetensors,
	tensor,
	toPytorch,
	unroll,
	writeSafetensors,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";

const tensors = {
	W: tensor([
		[1, -2.5],
		[3, 4],
	]),
	exact: tensor([Math.PI, -0, Infinity], { dtype: "float64" }),
	"1.table": zeros([0, 3]),
	scalar: tensor(7),
};

/** A file with a header of one's own. */
function file(header: unknown, data: number[] = []): Uint8Array {
	const json = new TextEncoder().encode(
		typeof header === "string" ? header : JSON.stringify(header),
	);
	const bytes = new Uint8Array(8 + json.length + data.length);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
	bytes.set(json, 8);
	bytes.set(data, 8 + json.length);
	return bytes;
}

test("what is written is read again, to the bit, with its texts", () => {
	const bytes = writeSafetensors(tensors, { made: "here, ñ" });
	const read = readSafetensors(bytes);
	expect(read.metadata).toEqual({ made: "here, ñ" });
	expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort());
	for (const [name, t] of Object.entries(tensors)) {
		expect(read.tensors[name].shape).toEqual(t.shape);
		expect(read.tensors[name].data).toEqual(t.data);
	}
	// bytes that lie in the middle of a buffer, at an odd place
	const moved = new Uint8Array(bytes.length + 3).fill(9);
	moved.set(bytes, 3);
	expect(readSafetensors(moved.subarray(3)).tensors.W.data).toEqual(
		tensors.W.data,
	);
	expect(readSafetensors(bytes.buffer).tensors.W.data).toEqual(tensors.W.data);
});

test("the format is the one that is written down, worked by hand", () => {
	const bytes = writeSafetensors({ a: tensor([1]) });
	const long = Number(new DataView(bytes.buffer).getBigUint64(0, true));
	expect(long % 8).toBe(0);
	expect(
		JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + long))),
	).toEqual({
		a: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
	});
	expect([...bytes.subarray(8 + long)]).toEqual([0, 0, 128, 63]); // 1 as float32, little-endian
});

test("16-bit numbers become float32", () => {
	const halves = [0x3c00, 0xc100, 0x0001, 0x7c00].flatMap((n) => [
		n & 255,
		n >> 8,
	]);
	const f16 = file(
		{ a: { dtype: "F16", shape: [4], data_offsets: [0, 8] } },
		halves,
	);
	expect([...readSafetensors(f16).tensors.a.data]).toEqual([
		1,
		-2.5,
		2 ** -24,
		Infinity,
	]);
	const bf16 = file(
		{ a: { dtype: "BF16", shape: [1], data_offsets: [0, 2] } },
		[0x20, 0xc0],
	);
	expect([...readSafetensors(bf16).tensors.a.data]).toEqual([-2.5]);
});

describe("a file that cannot be right is refused, with the tensor and the byte", () => {
	const good = { dtype: "F32", shape: [1], data_offsets: [0, 4] };
	const four = [0, 0, 0, 0];
	const cases: [string, Uint8Array, string][] = [
		[
			"nothing",
			new Uint8Array(3),
			"the file must begin with 8 bytes, the length of its header, at byte 3 of 3",
		],
		[
			"a PNG",
			new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0]),
			"the file says that its header is",
		],
		[
			"a header that is too long",
			file({}).map((b, i) => (i === 3 ? 9 : b)),
			"the file says that its header is 150994946 bytes long, at byte 0",
		],
		["no JSON", file("{a"), "the header is not JSON, at byte 8"],
		["a list", file([]), "the header must be an object, got [], at byte 8"],
		[
			"another type",
			file({ a: { ...good, dtype: "I64" } }, four),
			'tensor "a": its type must be one of F64, F32, F16, BF16, got "I64"',
		],
		[
			"a name of Object's own",
			file({ a: { ...good, dtype: "toString" } }, four),
			'tensor "a": its type must be one of',
		],
		[
			"a shape beyond its bytes",
			file({ a: { ...good, shape: [2 ** 40, 2 ** 40] } }, four),
			'tensor "a": [1099511627776, 1099511627776] of F32 needs',
		],
		[
			"a negative size",
			file({ a: { ...good, shape: [-1] } }, four),
			'tensor "a": its shape must be a list of sizes, got [-1]',
		],
		[
			"offsets past the end",
			file({ a: { ...good, data_offsets: [0, 8] } }, four),
			'tensor "a": its data_offsets are 0 and 8, and the file has 4 bytes of data',
		],
		[
			"offsets that overlap",
			file({ a: good, b: good }, four),
			'tensor "b" begins at 0 of the data, where 4 was expected',
		],
		[
			"a gap",
			file({ a: { ...good, data_offsets: [4, 8] } }, [...four, ...four]),
			'tensor "a" begins at 4 of the data, where 0 was expected',
		],
		[
			"bytes at the end",
			file({ a: good }, [...four, 1]),
			"bytes follow the last tensor",
		],
		[
			"no entry",
			file({ a: null }, four),
			'tensor "a": its shape must be a list of sizes, got undefined',
		],
		[
			"texts that are none",
			file({ __metadata__: { a: 3 } }),
			"__metadata__ must be texts",
		],
	];
	test.each(cases)("%s", (_, bytes, text) => {
		expect(() => readSafetensors(bytes)).toThrow(text);
		expect(() => readSafetensors(bytes)).toThrow(
			"the file is damaged, cut off, or of another format",
		);
	});

	test("every cut of a file", () => {
		const bytes = writeSafetensors(tensors);
		for (let end = 0; end < bytes.length; end++)
			expect(
				() => readSafetensors(bytes.subarray(0, end)),
				`${end} bytes`,
			).toThrow(/^readSafetensors: .*at byte \d+ of/);
	});
});

test("10,000 mutations of a file are refused in words, or read as tensors of its size: never a crash, nor memory beyond", () => {
	const original = writeSafetensors(tensors, { a: "b" });
	const header =
		8 + Number(new DataView(original.buffer).getBigUint64(0, true));
	const source = random(5);
	let refused = 0;
	for (let i = 0; i < 10_000; i++) {
		const bytes = original.slice(
			0,
			source.integer(20) === 0 ? source.integer(original.length) : undefined,
		);
		const changes = 1 + source.integer(4);
		for (let k = 0; k < changes; k++) {
			const at = source.integer(
				source.integer(3) === 0 ? bytes.length || 1 : header,
			);
			// often a digit or a mark of JSON, so that the header still reads
			const marks = '0123456789{}[]":,F- ';
			bytes[at] =
				source.integer(2) === 0
					? source.integer(256)
					: marks.charCodeAt(source.integer(marks.length));
		}
		try {
			const { tensors: read } = readSafetensors(bytes);
			const size = Object.values(read).reduce(
				(sum, t) => sum + t.data.byteLength,
				0,
			);
			expect(size).toBeLessThanOrEqual(2 * bytes.length);
		} catch (error) {
			refused++;
			expect((error as Error).constructor).toBe(Error);
			expect((error as Error).message).toMatch(
				/^readSafetensors: .*at byte \d+ of \d+; the file is damaged/,
			);
		}
	}
	expect(refused).toBeGreaterThan(5000);
});

describe("PyTorch's names", () => {
	const sizes = { inputs: 3, hidden: 2, random: random(1) };
	const model = {
		rnn: [unroll(lstm(sizes)), unroll(lstm({ ...sizes, inputs: 2 }))],
		head: dense({ inputs: 2, outputs: 4, random: random(2) }),
	};

	test("gates are stacked, matrices turned, and the second bias is 0", () => {
		const names = toPytorch(model);
		expect(Object.keys(names).sort()).toEqual(
			[
				...["head.bias", "head.weight"],
				...["l0", "l1"].flatMap((layer) => [
					`rnn.bias_hh_${layer}`,
					`rnn.bias_ih_${layer}`,
					`rnn.weight_hh_${layer}`,
					`rnn.weight_ih_${layer}`,
				]),
			].sort(),
		);
		expect(names["rnn.weight_ih_l0"].shape).toEqual([8, 3]);
		const { Wf } = model.rnn[0].weights;
		// the forget gate is the second of four, so its rows are 2 and 3
		const rows = names["rnn.weight_ih_l0"].toArray() as number[][];
		expect(rows[2]).toEqual(
			(Wf.toArray() as number[][]).map(([first]) => first),
		);
	});

	test("nothing is written when a tensor is missing, left over or of another shape", () => {
		const before = copyWeights(model);
		const names = toPytorch({
			...model,
			head: dense({ inputs: 2, outputs: 4, random: random(9) }),
		});
		const missing = { ...names, "rnn.weight_ih_l1": zeros([8, 5]) };
		expect(() => loadPytorch(model, missing)).toThrow(
			"loadPytorch: rnn.weight_ih_l1 must be [8, 2], got [8, 5]",
		);
		expect(() => loadPytorch(model, { ...names, more: zeros([1]) })).toThrow(
			"loadPytorch: the model has no weights for more",
		);
		const { "rnn.weight_hh_l0": _, ...less } = names;
		expect(() => loadPytorch(model, less)).toThrow(
			"loadPytorch: there is no tensor rnn.weight_hh_l0 for the LSTM at rnn.0",
		);
		expect(copyWeights(model)).toEqual(before);
	});

	test("what PyTorch does not have is refused with the reason", () => {
		const before = chain(unroll(gru(sizes)));
		expect(() => toPytorch(before)).toThrow(
			"the gru at 0 applies its reset gate before the recurrent product, PyTorch's after it",
		);
		expect(() => loadPytorch({ body: unroll(peephole(sizes)) }, {})).toThrow(
			"PyTorch has no module with the weights Wi, Ui, bi",
		);
	});
});
