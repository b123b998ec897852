import {
	Abs, AbsBack, Add, AddRelu, AddSigmoid, AddTanh, Blend, Clear, ClearEnded, ColumnSums, Copy, CopyEnded, CopyRows, Div, DivBack,
	DivFrom, Dots, Drop, Exp, Keep, Log, Max, MaxBack, Min, MinBack, Mix, Mul, MulAdd, MulDifference, MulReluBack, MulRest,
	MulSigmoidBack, MulTanhBack, Neg, Normalise, NormaliseBack, Outer, Product, Relu, ReluBack, Select, Sigmoid, SigmoidBack, Softmax,
	SoftmaxBack, Sqrt, SqrtBack, Square, SquareBack, Sub, SubFrom, Tanh, TanhBack, WeightGradient,
} from "../constants";
import { columnSums } from "./gates";
import { multiply, multiplyPacked } from "./gemm";
import { at, Code, firstRow, setFirstRow, setFirstStep } from "./instruction";
import { normalise, normaliseBack } from "./normalise";
import { copies, functions, functionsOfSums, products, quotients, roots, select3, slopes, slopesOfProducts, slopesOfQuotients, sums } from "./pointwise";
import { dots, mix, outer } from "./rows";
import { bytes } from "./simd";
import { softmax, softmaxBack } from "./softmax";

// A cell's step as a program: instructions one after the other, each over all rows of the batch, for every step of the sequence.

/** A program over rows of a batch: instructions before the steps, at each step, after each block of steps, and after all. */
@unmanaged
class Program {
	T: i32;
	B: i32;
	/** Whether the steps go from the last to the first. */
	back: i32;
	/** [B] or 0: steps at or past its length leave a sequence's state alone. */
	lengths: usize;
	/** Steps in a block. */
	block: i32;
	/** Rows that instructions between two products do one after the other, before the next rows: few enough to stay in the cache. */
	few: i32;
	code: usize;
	before: i32;
	each: i32;
	often: i32;
	after: i32;
}

/** How many rows the block of steps has, and whether it is another than the first that was run. */
let rows: i32 = 0;
let further: bool = false;

export function programPart(program: Program): void {
	const T = program.T, size = offsetof<Code>();
	const each = program.code + <usize>program.before * size, often = each + <usize>program.each * size;
	setFirstRow(0); // a run that was terminated may have left another
	runAll(program, program.code, program.before, 0);
	for (let done = 0; done < T; done += program.block) {
		const steps = min(program.block, T - done);
		const first = program.back ? T - done - steps : done;
		setFirstStep(first);
		for (let i = 0; i < steps; i++) runStep(program, each, program.back ? first + steps - 1 - i : first + i);
		rows = steps * program.B;
		further = done > 0;
		runAll(program, often, program.often, first);
	}
	runAll(program, often + <usize>program.often * size, program.after, 0);
}

/** The instructions of a step: products over all rows, what stands between them over a few at a time. */
function runStep(program: Program, code: usize, t: i32): void {
	const B = program.B, few = program.few, size = offsetof<Code>(), end = code + <usize>program.each * size;
	while (code < end) {
		if (changetype<Code>(code).op == Product) {
			run(program, changetype<Code>(code), B, t);
			code += size;
			continue;
		}
		let next = code;
		while (next < end && changetype<Code>(next).op != Product) next += size;
		for (let r = 0; r < B; r += few) {
			setFirstRow(r);
			const count = min(few, B - r);
			for (let c = code; c < next; c += size) run(program, changetype<Code>(c), count, t);
		}
		setFirstRow(0);
		code = next;
	}
}

function runAll(program: Program, code: usize, count: i32, t: i32): void {
	const B = program.B;
	for (let i = 0; i < count; i++) {
		run(program, changetype<Code>(code), B, t);
		code += offsetof<Code>();
	}
}

function run(program: Program, code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Add: case Sub: case SubFrom: case Mul: case MulRest: case Keep: case Drop: return sums(code, B, t);
		case AddTanh: case AddSigmoid: case AddRelu: return functionsOfSums(code, B, t);
		case TanhBack: case SigmoidBack: case ReluBack: case SqrtBack: case SquareBack: case AbsBack: return slopes(code, B, t);
		case Div: case DivFrom: case Max: case Min: return quotients(code, B, t);
		case MulAdd: case Blend: case MulDifference: return products(code, B, t);
		case MulTanhBack: case MulSigmoidBack: case MulReluBack: return slopesOfProducts(code, B, t);
		case DivBack: case MaxBack: case MinBack: return slopesOfQuotients(code, B, t);
		case Copy: case Neg: case Square: case Abs: return copies(code, B, t);
		case Tanh: case Sigmoid: case Relu: return functions(code, B, t);
		case Exp: case Log: case Sqrt: return roots(code, B, t);
		case Dots: case Mix: case Outer: case Softmax: case SoftmaxBack: return ofRows(code, B, t);
		case Select: return select3(code, B, t);
		case Normalise: return normalise(code, B, t);
		case NormaliseBack: return normaliseBack(code, B, t);
		case Product:
			return multiplyPacked(B, code.width, code.splat, at(code.a, code.aStep, code.aRow, t), code.aRow, 4, code.b, at(code.out, code.outStep, code.outRow, t), code.outRow, code.add != 0);
		case Clear: return clear(program, false, code, B, t);
		case ClearEnded: return clear(program, true, code, B, t);
		case CopyEnded: return copyEnded(program, code, B, t);
		case WeightGradient:
			// out [K, N] (+)= aᵀ·b over the rows of the block; c is where it packs
			return multiply(code.splat, code.width, rows, at(code.a, code.aStep, code.aRow, t), 4, code.aRow, at(code.b, code.bStep, code.bRow, t), code.bRow, 4, code.out, code.outRow, code.add != 0 || further, code.c);
		case ColumnSums:
			// over the rows of the block, or over `cRow` rows
			if (code.cRow) return columnSums(<i32>code.cRow, code.width, code.a, code.aRow, code.out, code.add != 0);
			return columnSums(rows, code.width, at(code.a, code.aStep, code.aRow, t), code.aRow, code.out, code.add != 0 || further);
		case CopyRows: return copies(code, <i32>code.cRow, 0);
	}
}

function ofRows(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Dots: return each(Dots, code, B, t);
		case Mix: return each(Mix, code, B, t);
		case Outer: return each(Outer, code, B, t);
		case Softmax: return each(Softmax, code, B, t);
		default: return each(SoftmaxBack, code, B, t);
	}
}

/** A matrix [rows, columns] to some columns of a wider one. */
export function copyColumns(rows: i32, columns: i32, from: usize, fromRow: usize, to: usize, toRow: usize): void {
	for (let r = 0; r < rows; r++) {
		memory.copy(to, from, bytes(columns));
		from += fromRow;
		to += toRow;
	}
}

/** What is done with a row of each sequence. */
@inline
function each(op: i32, code: Code, B: i32, t: i32): void {
	const n = code.width, K = code.splat, add = code.add != 0;
	let out = at(code.out, code.outStep, code.outRow, t), a = at(code.a, code.aStep, code.aRow, t), b = at(code.b, code.bStep, code.bRow, t);
	for (let r = 0; r < B; r++) {
		if (op == Dots) dots(n, K, a, b, out, add);
		else if (op == Mix) mix(K, n, a, b, out, add);
		else if (op == Outer) outer(n / K, K, a, b, out, add);
		else if (op == Softmax) softmax(1, n, a, out);
		else softmaxBack(n, a, b, out, add);
		out += code.outRow;
		a += code.aRow;
		b += code.bRow;
	}
}

@inline
function ended(program: Program, t: i32, b: i32): bool {
	return program.lengths != 0 && t >= load<i32>(program.lengths + bytes(b));
}

/** Zeros in all rows, or in those of sequences that have ended. */
function clear(program: Program, some: bool, code: Code, B: i32, t: i32): void {
	const end = bytes(code.width);
	let out = at(code.out, code.outStep, code.outRow, t);
	for (let r = 0; r < B; r++) {
		if (!some || ended(program, t, <i32>firstRow + r)) memory.fill(out, 0, end);
		out += code.outRow;
	}
}

/** out ← a in the rows of sequences that have ended. */
function copyEnded(program: Program, code: Code, B: i32, t: i32): void {
	const end = bytes(code.width);
	let out = at(code.out, code.outStep, code.outRow, t), a = at(code.a, code.aStep, code.aRow, t);
	for (let r = 0; r < B; r++) {
		if (ended(program, t, <i32>firstRow + r)) memory.copy(out, a, end);
		out += code.outRow;
		a += code.aRow;
	}
}
