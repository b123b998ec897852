import type { Bytes } from "../../backend/platform.ts";
import { Message } from "./protobuf.ts";

/** A file's tensor: little-endian bytes, as every machine that runs this has them. */
export interface Constant {
	name: string;
	shape: readonly number[];
	data: Float32Array | BigInt64Array;
}

/** A number is a float; a whole number is given as a bigint. */
export type Attribute =
	| bigint
	| number
	| string
	| readonly bigint[]
	| readonly string[];

export interface Node {
	operator: string;
	/** Names of values; an empty one is an input that is left out. */
	inputs: readonly string[];
	outputs: readonly string[];
	attributes: Readonly<Record<string, Attribute>>;
}

/** An input or output of the network; a size is a number, or a name where it may be any. */
export interface Port {
	name: string;
	type: "float" | "int32" | "int64";
	shape: readonly (number | string)[];
}

export interface Graph {
	name: string;
	nodes: readonly Node[];
	constants: readonly Constant[];
	inputs: readonly Port[];
	outputs: readonly Port[];
}

/** Numbers of ONNX's types of elements (`TensorProto.DataType`). */
const types = { float: 1, int32: 6, int64: 7 };
/** The version of the operators that are used; `LayerNormalization` came with 17. */
const OPERATORS = 17;
/** The version of the file format that goes with them. */
const FORMAT = 8;

/**
 * The bytes of a graph as ONNX's `ModelProto`. The numbers of the fields are those of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
export function onnxFile(graph: Graph): Bytes {
	const file = new Message();
	file.integer(1, FORMAT);
	file.text(2, "unrolled");
	file.message(7, (inner) => writeGraph(inner, graph));
	file.message(8, (version) => version.integer(2, OPERATORS));
	return file.finish();
}

function writeGraph(to: Message, graph: Graph): void {
	for (const node of graph.nodes)
		to.message(1, (inner) => writeNode(inner, node));
	to.text(2, graph.name);
	for (const made of graph.constants)
		to.message(5, (inner) => writeConstant(inner, made));
	for (const port of graph.inputs)
		to.message(11, (inner) => writePort(inner, port));
	for (const port of graph.outputs)
		to.message(12, (inner) => writePort(inner, port));
}

function writeNode(to: Message, node: Node): void {
	for (const name of node.inputs) to.text(1, name);
	for (const name of node.outputs) to.text(2, name);
	to.text(3, node.outputs[0]);
	to.text(4, node.operator);
	for (const [name, value] of Object.entries(node.attributes))
		to.message(5, (inner) => writeAttribute(inner, name, value));
}

/** The value's field is 2 f, 3 i, 4 s, 8 ints or 9 strings; field 20 says which of them. */
function writeAttribute(to: Message, name: string, value: Attribute): void {
	to.text(1, name);
	const kind = (number: number) => to.integer(20, number);
	if (typeof value === "number") {
		to.float(2, value);
		kind(1);
	} else if (typeof value === "bigint") {
		to.integer(3, value);
		kind(2);
	} else if (typeof value === "string") {
		to.text(4, value);
		kind(3);
	} else if (typeof value[0] === "bigint") {
		for (const one of value) to.integer(8, one as bigint);
		kind(7);
	} else {
		for (const one of value) to.text(9, one as string);
		kind(8);
	}
}

function writeConstant(to: Message, { name, shape, data }: Constant): void {
	for (const size of shape) to.integer(1, size);
	to.integer(2, data instanceof Float32Array ? types.float : types.int64);
	to.text(8, name);
	to.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** A name, and a type that is a tensor with its type of elements and its shape. */
function writePort(to: Message, { name, type, shape }: Port): void {
	to.text(1, name);
	to.message(2, (any) =>
		any.message(1, (tensor) => {
			tensor.integer(1, types[type]);
			tensor.message(2, (sizes) => {
				for (const size of shape)
					sizes.message(1, (one) => {
						if (typeof size === "number") one.integer(1, size);
						else one.text(2, size);
					});
			});
		}),
	);
}
