import type { Bytes } from "../backend/platform.ts";
import { expectValue } from "../expect/expect.ts";
import { aTensor, record, text } from "../expect/rules.ts";
import { described } from "../expect/words.ts";
import { allocate, type Shape, Tensor } from "../tensor.ts";

/** What a file of tensors holds. */
export interface Safetensors {
	tensors: Record<string, Tensor>;
	/** Texts by name, of whoever wrote the file. */
	metadata: Record<string, string>;
}

/** The types that are read, and how many bytes a number takes. */
const SIZES: Readonly<Record<string, number>> = {
	F64: 8,
	F32: 4,
	F16: 2,
	BF16: 2,
};
const someTensors = record(aTensor, "tensors by name");
const someTexts = record(text, "texts by name");

/**
 * Writes tensors as a file in the format safetensors (Hugging Face): 8 bytes with the length of a header, the header in JSON, and the numbers, little-endian.
 * Python reads it by `safetensors.torch.load`.
 * @param metadata texts to keep beside them
 * @returns the bytes of the file
 * @throws when something is no tensor or no text.
 */
export function writeSafetensors(
	tensors: Readonly<Record<string, Tensor>>,
	metadata: Readonly<Record<string, string>> = {},
): Bytes {
	expectValue("writeSafetensors", "the tensors", tensors, someTensors);
	expectValue("writeSafetensors", "the metadata", metadata, someTexts);
	if (Object.hasOwn(tensors, "__metadata__"))
		throw new Error(
			"writeSafetensors: a tensor may not be named __metadata__, which the format keeps for itself",
		);
	// the wide ones first, so that each begins where its type wants it
	const entries = Object.entries(tensors).sort(
		([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT,
	);
	let end = 0;
	const header: [string, unknown][] = entries.map(([name, t]) => {
		const begin = end;
		end += t.data.byteLength;
		const dtype = t.dtype === "float64" ? "F64" : "F32";
		return [name, { dtype, shape: t.shape, data_offsets: [begin, end] }];
	});
	if (Object.keys(metadata).length > 0)
		header.unshift(["__metadata__", metadata]);
	const json = new TextEncoder().encode(
		JSON.stringify(Object.fromEntries(header)),
	);
	const long = Math.ceil(json.length / 8) * 8;
	const bytes = new Uint8Array(8 + long + end);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(long), true);
	bytes.set(json, 8);
	bytes.fill(0x20, 8 + json.length, 8 + long); // spaces
	let at = 8 + long;
	for (const [, { data }] of entries) {
		bytes.set(
			new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
			at,
		);
		at += data.byteLength;
	}
	return bytes;
}

/**
 * Reads a file in the format safetensors. 16-bit numbers become float32; other types than floating point are refused.
 *
 * Nothing in the header is trusted: lengths, types, shapes and offsets are held against the bytes that are there before a number is read.
 * @throws when the file is cut off, damaged or of another format: which tensor, and at which byte.
 */
export function readSafetensors(bytes: Uint8Array | ArrayBuffer): Safetensors {
	const file = asBytes("readSafetensors", bytes);
	const wrong = (what: string, at: number) =>
		new Error(
			`readSafetensors: ${what}, at byte ${at} of ${file.length}; the file is damaged, cut off, or of another format`,
		);
	if (file.length < 8)
		throw wrong(
			"the file must begin with 8 bytes, the length of its header",
			file.length,
		);
	const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
	const told = view.getBigUint64(0, true);
	if (told > BigInt(file.length - 8))
		throw wrong(`the file says that its header is ${told} bytes long`, 0);
	const start = 8 + Number(told);
	const header = readHeader(file.subarray(8, start), wrong);
	const { __metadata__: given = {}, ...entries } = header;
	if (!someTexts.fits(given)) throw wrong("__metadata__ must be texts", 8);
	/** [begin, end) of each tensor, to see that they neither overlap nor leave gaps. */
	const spans: { name: string; begin: number; end: number }[] = [];
	const checked = Object.entries(entries).map(([name, entry]) => {
		const read = expectEntry(name, entry, file.length - start, wrong, start);
		spans.push({ name, begin: read.begin, end: read.end });
		return { name, ...read };
	});
	let next = 0;
	for (const { name, begin, end } of spans.sort(
		(a, b) => a.begin - b.begin || a.end - b.end,
	)) {
		if (begin !== next)
			throw wrong(
				`tensor ${JSON.stringify(name)} begins at ${begin} of the data, where ${next} was expected`,
				start + begin,
			);
		next = end;
	}
	if (start + next !== file.length)
		throw wrong("bytes follow the last tensor", start + next);
	const tensors = checked.map(({ name, dtype, shape, begin, end }) => [
		name,
		numbersOf(dtype, shape, file.subarray(start + begin, start + end)),
	]);
	return {
		tensors: Object.fromEntries(tensors),
		metadata: { ...(given as Record<string, string>) },
	};
}

type Wrong = (what: string, at: number) => Error;

function readHeader(json: Uint8Array, wrong: Wrong): Record<string, unknown> {
	let header: unknown;
	try {
		header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
	} catch {
		throw wrong("the header is not JSON", 8);
	}
	if (typeof header !== "object" || header === null || Array.isArray(header))
		throw wrong(`the header must be an object, got ${described(header)}`, 8);
	return header as Record<string, unknown>;
}

/** One tensor's line of the header, held against the bytes that there are. */
function expectEntry(
	name: string,
	entry: unknown,
	room: number,
	wrong: Wrong,
	start: number,
): { dtype: string; shape: number[]; begin: number; end: number } {
	const quoted = JSON.stringify(name);
	const { dtype, shape, data_offsets } = (entry ?? {}) as Record<
		string,
		unknown
	>;
	const whole = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
	if (!Array.isArray(shape) || !shape.every(whole) || shape.length > 32)
		throw wrong(
			`tensor ${quoted}: its shape must be a list of sizes, got ${described(shape)}`,
			8,
		);
	if (
		!Array.isArray(data_offsets) ||
		data_offsets.length !== 2 ||
		!data_offsets.every(whole)
	)
		throw wrong(
			`tensor ${quoted}: its data_offsets must be two whole numbers, got ${described(data_offsets)}`,
			8,
		);
	const [begin, end] = data_offsets as [number, number];
	if (begin > end || end > room)
		throw wrong(
			`tensor ${quoted}: its data_offsets are ${begin} and ${end}, and the file has ${room} bytes of data`,
			start + Math.min(begin, room),
		);
	if (typeof dtype !== "string" || !Object.hasOwn(SIZES, dtype))
		throw wrong(
			`tensor ${quoted}: its type must be one of ${Object.keys(SIZES).join(", ")}, got ${described(dtype)}`,
			start + begin,
		);
	const count = shape.reduce((product: number, n: number) => product * n, 1);
	if (count * SIZES[dtype] !== end - begin)
		throw wrong(
			`tensor ${quoted}: [${shape.join(", ")}] of ${dtype} needs ${count * SIZES[dtype]} bytes, and its data_offsets give it ${end - begin}`,
			start + begin,
		);
	return { dtype, shape: shape as number[], begin, end };
}

function numbersOf(dtype: string, shape: Shape, bytes: Uint8Array): Tensor {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const size = SIZES[dtype];
	const data = allocate(
		dtype === "F64" ? "float64" : "float32",
		bytes.length / size,
	);
	const read = {
		F64: (at: number) => view.getFloat64(at, true),
		F32: (at: number) => view.getFloat32(at, true),
		F16: (at: number) => half(view.getUint16(at, true)),
		BF16: (at: number) => brain(view.getUint16(at, true)),
	}[dtype as "F64"];
	for (let i = 0; i < data.length; i++) data[i] = read(i * size);
	return new Tensor(data, shape);
}

/** A number of 1 sign, 5 exponent and 10 fraction bits. */
function half(bits: number): number {
	const sign = bits & 0x8000 ? -1 : 1;
	const exponent = (bits >> 10) & 0x1f;
	const fraction = bits & 0x3ff;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 31) return fraction ? NaN : sign * Infinity;
	return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function brain(bits: number): number {
	const word = new DataView(new ArrayBuffer(4));
	word.setUint32(0, bits * 0x10000);
	return word.getFloat32(0);
}

/** @throws when it is no bytes. */
export function asBytes(
	place: string,
	bytes: Uint8Array | ArrayBuffer,
): Uint8Array {
	if (bytes instanceof Uint8Array) return bytes;
	if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
	throw new Error(
		`${place}: wanted the bytes of a file, a Uint8Array or an ArrayBuffer, got ${described(bytes)}`,
	);
}
