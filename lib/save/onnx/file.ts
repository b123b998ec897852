import { PbfWriter } from "pbf";

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
export function onnxFile(graph: Graph): Uint8Array {
	const file = new PbfWriter();
	file.writeVarintField(1, FORMAT);
	file.writeStringField(2, "unrolled");
	file.writeMessage(7, writeGraph, graph);
	file.writeMessage(
		8,
		(version, pbf) => pbf.writeVarintField(2, version),
		OPERATORS,
	);
	return file.finish();
}

function writeGraph(graph: Graph, pbf: PbfWriter): void {
	for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
	pbf.writeStringField(2, graph.name);
	for (const made of graph.constants) pbf.writeMessage(5, writeConstant, made);
	for (const port of graph.inputs) pbf.writeMessage(11, writePort, port);
	for (const port of graph.outputs) pbf.writeMessage(12, writePort, port);
}

function writeNode(node: Node, pbf: PbfWriter): void {
	for (const name of node.inputs) pbf.writeStringField(1, name);
	for (const name of node.outputs) pbf.writeStringField(2, name);
	pbf.writeStringField(3, node.outputs[0]);
	pbf.writeStringField(4, node.operator);
	for (const entry of Object.entries(node.attributes))
		pbf.writeMessage(5, writeAttribute, entry);
}

/** Which of the fields of an attribute holds a value: 2 f, 3 i, 4 s, 8 ints, 9 strings; and ONNX's number of that kind. */
function writeAttribute(
	[name, value]: [string, Attribute],
	pbf: PbfWriter,
): void {
	pbf.writeStringField(1, name);
	const kind = (number: number) => pbf.writeVarintField(20, number);
	if (typeof value === "number") {
		pbf.writeFloatField(2, value);
		kind(1);
	} else if (typeof value === "bigint") {
		pbf.writeVarintField(3, Number(value));
		kind(2);
	} else if (typeof value === "string") {
		pbf.writeStringField(4, value);
		kind(3);
	} else if (typeof value[0] === "bigint") {
		for (const one of value) pbf.writeVarintField(8, Number(one));
		kind(7);
	} else {
		for (const one of value) pbf.writeStringField(9, one as string);
		kind(8);
	}
}

function writeConstant({ name, shape, data }: Constant, pbf: PbfWriter): void {
	for (const size of shape) pbf.writeVarintField(1, size);
	pbf.writeVarintField(
		2,
		data instanceof Float32Array ? types.float : types.int64,
	);
	pbf.writeStringField(8, name);
	pbf.writeBytesField(
		9,
		new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
	);
}

function writePort({ name, type, shape }: Port, pbf: PbfWriter): void {
	pbf.writeStringField(1, name);
	pbf.writeMessage(2, writeType, { type, shape });
}

function writeType(about: Omit<Port, "name">, pbf: PbfWriter): void {
	pbf.writeMessage(1, writeTensorType, about);
}

function writeTensorType(
	{ type, shape }: Omit<Port, "name">,
	pbf: PbfWriter,
): void {
	pbf.writeVarintField(1, types[type]);
	pbf.writeMessage(2, writeShape, shape);
}

function writeShape(shape: Port["shape"], pbf: PbfWriter): void {
	for (const size of shape) pbf.writeMessage(1, writeSize, size);
}

function writeSize(size: number | string, pbf: PbfWriter): void {
	if (typeof size === "number") pbf.writeVarintField(1, size);
	else pbf.writeStringField(2, size);
}
