import {
	Abs, AbsBack, Add, AddRelu, AddSigmoid, AddTanh, Clear, ClearEnded, ColumnSums, Copy, CopyEnded, CopyRows, Div, DivBack,
	DivFrom, Dots, Drop, Exp, Keep, Log, Max, MaxBack, Min, MinBack, Mix, Mul, MulAdd, MulReluBack, MulSigmoidBack, MulTanhBack,
	Neg, Normalise, NormaliseBack, Outer, Product, Relu, ReluBack, Select, Sigmoid, SigmoidBack, Softmax, SoftmaxBack, Sqrt,
	SqrtBack, Square, SquareBack, Sub, SubFrom, Tanh, TanhBack, WeightGradient,
} from "../constants";
import { columnSums } from "./gates";
import { multiply, multiplyPacked } from "./gemm";
import { exp, log, relu, reluSlope, sigmoid, sigmoidSlope, sign, tanh, tanhSlope } from "./math";
import { dots, mix, outer } from "./rows";
import { bytes, fma, loadOne, storeOne, total } from "./simd";
import { softmax, softmaxBack } from "./softmax";

// A cell's step as a program: instructions one after the other, each over all rows of the batch, for every step of the sequence.

/**
 * An instruction. An operand is an address, how many bytes further it lies at the next step, and at the next row: 0 where all steps or
 * rows read the same. A step that is odd, one more than the bytes, counts from the first step of a block of steps: such an operand has room
 * for one block. The host (program/code.ts) writes these 32-bit fields in this order.
 */
@unmanaged
class Code {
	op: i32;
	/** Columns. */
	width: i32;
	/** Whether the result is added to what is there. Where `outRow` is 0 the rows are summed so. */
	add: i32;
	/** Which operands are one number a row: 1 for a, 2 for b, 4 for c. Of a product, and of what reads rows side by side, the K of its a, or of a row. */
	splat: i32;
	out: usize;
	outStep: i32;
	outRow: usize;
	a: usize;
	aStep: i32;
	aRow: usize;
	b: usize;
	bStep: i32;
	bRow: usize;
	c: usize;
	cStep: i32;
	cRow: usize;
}

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

/** The first step of the block, how many rows it has, and whether it is another than the first that was run. */
let first: i32 = 0;
let rows: i32 = 0;
let further: bool = false;
/** The first of the rows that instructions work on now. */
let firstRow: usize = 0;

export function programPart(program: Program): void {
	const T = program.T, size = offsetof<Code>();
	const each = program.code + <usize>program.before * size, often = each + <usize>program.each * size;
	firstRow = 0; // a run that was terminated may have left another
	runAll(program, program.code, program.before, 0);
	for (let done = 0; done < T; done += program.block) {
		const steps = min(program.block, T - done);
		first = program.back ? T - done - steps : done;
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
			firstRow = r;
			const count = min(few, B - r);
			for (let c = code; c < next; c += size) run(program, changetype<Code>(c), count, t);
		}
		firstRow = 0;
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

/** Instructions are done in groups, each by a function of its own: one function for all would be so large that compiling takes minutes. */
function run(program: Program, code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Add: case Sub: case SubFrom: case Mul: case Keep: case Drop: return sums(code, B, t);
		case AddTanh: case AddSigmoid: case AddRelu: return functionsOfSums(code, B, t);
		case TanhBack: case SigmoidBack: case ReluBack: case SqrtBack: case SquareBack: case AbsBack: return slopes(code, B, t);
		case Div: case DivFrom: case Max: case Min: return quotients(code, B, t);
		case MulAdd: case MulTanhBack: case MulSigmoidBack: case MulReluBack: return products(code, B, t);
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

function sums(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Add: return both(Add, code, B, t);
		case Sub: return both(Sub, code, B, t);
		case SubFrom: return both(SubFrom, code, B, t);
		case Mul: return both(Mul, code, B, t);
		case Keep: return both(Keep, code, B, t);
		default: return both(Drop, code, B, t);
	}
}

function functionsOfSums(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case AddTanh: return both(AddTanh, code, B, t);
		case AddSigmoid: return both(AddSigmoid, code, B, t);
		default: return both(AddRelu, code, B, t);
	}
}

function slopes(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case TanhBack: return both(TanhBack, code, B, t);
		case SigmoidBack: return both(SigmoidBack, code, B, t);
		case ReluBack: return both(ReluBack, code, B, t);
		case SqrtBack: return both(SqrtBack, code, B, t);
		case SquareBack: return both(SquareBack, code, B, t);
		default: return both(AbsBack, code, B, t);
	}
}

function quotients(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Div: return both(Div, code, B, t);
		case DivFrom: return both(DivFrom, code, B, t);
		case Max: return both(Max, code, B, t);
		default: return both(Min, code, B, t);
	}
}

function products(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case MulAdd: return three(MulAdd, code, B, t);
		case MulTanhBack: return three(MulTanhBack, code, B, t);
		case MulSigmoidBack: return three(MulSigmoidBack, code, B, t);
		default: return three(MulReluBack, code, B, t);
	}
}

function slopesOfQuotients(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case DivBack: return three(DivBack, code, B, t);
		case MaxBack: return three(MaxBack, code, B, t);
		default: return three(MinBack, code, B, t);
	}
}

/** `CopyRows` among them. */
function copies(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Neg: return one(Neg, code, B, t);
		case Square: return one(Square, code, B, t);
		case Abs: return one(Abs, code, B, t);
		default: return one(Copy, code, B, t);
	}
}

function functions(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Tanh: return one(Tanh, code, B, t);
		case Sigmoid: return one(Sigmoid, code, B, t);
		default: return one(Relu, code, B, t);
	}
}

function roots(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Exp: return one(Exp, code, B, t);
		case Log: return one(Log, code, B, t);
		default: return one(Sqrt, code, B, t);
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

@inline
function at(address: usize, step: i32, row: usize, t: i32): usize {
	return address + (t - (step & 1) * first) * (step & ~1) + firstRow * row;
}

@inline
function read(from: usize, j: usize, splat: bool): v128 {
	return splat ? v128.load32_splat(from) : v128.load(from + j);
}

@inline
function loadFirst(from: usize, j: usize, splat: bool): v128 {
	return loadOne(splat ? from : from + j);
}

@inline
function ofTwo(op: i32, x: v128, y: v128): v128 {
	return op == Add ? f32x4.add(x, y)
		: op == Sub ? f32x4.sub(x, y)
		: op == SubFrom ? f32x4.sub(y, x)
		: op == Mul ? f32x4.mul(x, y)
		: op == TanhBack ? f32x4.mul(x, tanhSlope(y))
		: op == SigmoidBack ? f32x4.mul(x, sigmoidSlope(y))
		: op == ReluBack ? v128.and(x, f32x4.ne(reluSlope(y), f32x4.splat(0)))
		: op == Div ? f32x4.div(x, y)
		: op == DivFrom ? f32x4.div(y, x)
		: op == Max ? f32x4.max(x, y)
		: op == Min ? f32x4.min(x, y)
		: op == SqrtBack ? f32x4.div(x, f32x4.add(y, y))
		: op == SquareBack ? f32x4.mul(x, f32x4.add(y, y))
		: op == AbsBack ? f32x4.mul(x, sign(y))
		: op == AddTanh ? tanh(f32x4.add(x, y))
		: op == AddSigmoid ? sigmoid(f32x4.add(x, y))
		: op == AddRelu ? relu(f32x4.add(x, y))
		: op == Keep ? v128.and(x, f32x4.ne(y, f32x4.splat(0)))
		: v128.and(x, f32x4.eq(y, f32x4.splat(0)));
}

/** Whether an operation is done as soon as its operands are read: then the way from one to the next is what takes time. */
@inline
function short(op: i32): bool {
	return op == Add || op == Sub || op == SubFrom || op == Mul || op == MulAdd || op == Copy || op == Neg || op == Keep || op == Drop;
}

@inline
function put(add: bool, out: usize, v: v128): void {
	v128.store(out, add ? f32x4.add(v128.load(out), v) : v);
}

@inline
function putOne(add: bool, out: usize, v: v128): void {
	storeOne(out, add ? f32x4.add(loadOne(out), v) : v);
}

/** Four vectors. */
@inline
function putFour(add: bool, out: usize, v: v128, w: v128, x: v128, y: v128): void {
	v128.store(out, add ? f32x4.add(v128.load(out), v) : v);
	v128.store(out, add ? f32x4.add(v128.load(out, 16), w) : w, 16);
	v128.store(out, add ? f32x4.add(v128.load(out, 32), x) : x, 32);
	v128.store(out, add ? f32x4.add(v128.load(out, 48), y) : y, 48);
}

/** out (+)= a ∘ b; only b may be one number a row. */
@inline
function both(op: i32, code: Code, B: i32, t: i32): void {
	if (code.add) bothRows(op, true, code, B, t);
	else bothRows(op, false, code, B, t);
}

@inline
function bothRows(op: i32, add: bool, code: Code, B: i32, t: i32): void {
	const wide = short(op) ? bytes(code.width & ~15) : 0, whole = bytes(code.width & ~3), end = bytes(code.width);
	const outRow = code.outRow, aRow = code.aRow, bRow = code.bRow, splat = code.splat != 0;
	let out = at(code.out, code.outStep, outRow, t), a = at(code.a, code.aStep, aRow, t), b = at(code.b, code.bStep, bRow, t);
	for (let r = 0; r < B; r++) {
		let j: usize = 0;
		if (splat) {
			const y = v128.load32_splat(b);
			for (; j < whole; j += 16) put(add, out + j, ofTwo(op, v128.load(a + j), y));
			for (; j < end; j += 4) putOne(add, out + j, ofTwo(op, loadOne(a + j), y));
		} else {
			if (short(op))
				for (; j < wide; j += 64) {
					const x = a + j, y = b + j;
					putFour(
						add, out + j,
						ofTwo(op, v128.load(x), v128.load(y)), ofTwo(op, v128.load(x, 16), v128.load(y, 16)),
						ofTwo(op, v128.load(x, 32), v128.load(y, 32)), ofTwo(op, v128.load(x, 48), v128.load(y, 48)),
					);
				}
			for (; j < whole; j += 16) put(add, out + j, ofTwo(op, v128.load(a + j), v128.load(b + j)));
			for (; j < end; j += 4) putOne(add, out + j, ofTwo(op, loadOne(a + j), loadOne(b + j)));
		}
		out += outRow;
		a += aRow;
		b += bRow;
	}
}

@inline
function ofThree(op: i32, x: v128, y: v128, z: v128): v128 {
	if (op == MulAdd) return fma(x, y, z);
	if (op == DivBack) return f32x4.neg(f32x4.div(f32x4.mul(x, y), z));
	if (op == MaxBack || op == MinBack) {
		// all of it where y wins, half where they are equal
		const lead = op == MaxBack ? sign(f32x4.sub(y, z)) : sign(f32x4.sub(z, y));
		return f32x4.mul(x, fma(lead, f32x4.splat(0.5), f32x4.splat(0.5)));
	}
	const product = f32x4.mul(x, y);
	return op == MulTanhBack ? f32x4.mul(product, tanhSlope(z))
		: op == MulSigmoidBack ? f32x4.mul(product, sigmoidSlope(z))
		: v128.and(product, f32x4.ne(reluSlope(z), f32x4.splat(0)));
}

/** out (+)= f(a, b, c); of the larger and the smaller c may be one number a row */
@inline
function three(op: i32, code: Code, B: i32, t: i32): void {
	if (code.add) threeRows(op, true, code, B, t);
	else threeRows(op, false, code, B, t);
}

@inline
function threeRows(op: i32, add: bool, code: Code, B: i32, t: i32): void {
	const splat = (op == MaxBack || op == MinBack) && (code.splat & 4) != 0;
	const wide: usize = short(op) ? bytes(code.width & ~15) : 0, whole = bytes(code.width & ~3), end = bytes(code.width);
	const outRow = code.outRow, aRow = code.aRow, bRow = code.bRow, cRow = code.cRow;
	let out = at(code.out, code.outStep, outRow, t), a = at(code.a, code.aStep, aRow, t), b = at(code.b, code.bStep, bRow, t), c = at(code.c, code.cStep, cRow, t);
	for (let r = 0; r < B; r++) {
		let j: usize = 0;
		if (short(op))
			for (; j < wide; j += 64) {
				const x = a + j, y = b + j, z = c + j;
				putFour(
					add, out + j,
					ofThree(op, v128.load(x), v128.load(y), v128.load(z)), ofThree(op, v128.load(x, 16), v128.load(y, 16), v128.load(z, 16)),
					ofThree(op, v128.load(x, 32), v128.load(y, 32), v128.load(z, 32)), ofThree(op, v128.load(x, 48), v128.load(y, 48), v128.load(z, 48)),
				);
			}
		for (; j < whole; j += 16) put(add, out + j, ofThree(op, v128.load(a + j), v128.load(b + j), read(c, j, splat)));
		for (; j < end; j += 4) putOne(add, out + j, ofThree(op, loadOne(a + j), loadOne(b + j), loadFirst(c, j, splat)));
		out += outRow;
		a += aRow;
		b += bRow;
		c += cRow;
	}
}

@inline
function ofOne(op: i32, x: v128): v128 {
	return op == Copy ? x
		: op == Neg ? f32x4.neg(x)
		: op == Exp ? exp(x)
		: op == Log ? log(x)
		: op == Sqrt ? f32x4.sqrt(x)
		: op == Square ? f32x4.mul(x, x)
		: op == Abs ? f32x4.abs(x)
		: op == Tanh ? tanh(x)
		: op == Sigmoid ? sigmoid(x)
		: relu(x);
}

/** out (+)= f(a); a may be one number a row. */
@inline
function one(op: i32, code: Code, B: i32, t: i32): void {
	if (code.add) oneRows(op, true, code, B, t);
	else oneRows(op, false, code, B, t);
}

@inline
function oneRows(op: i32, add: bool, code: Code, B: i32, t: i32): void {
	const splat = code.splat != 0, whole = bytes(code.width & ~3), end = bytes(code.width);
	const wide = short(op) && !splat ? bytes(code.width & ~15) : 0;
	let out = at(code.out, code.outStep, code.outRow, t), a = at(code.a, code.aStep, code.aRow, t);
	for (let r = 0; r < B; r++) {
		let j: usize = 0;
		if (short(op))
			for (; j < wide; j += 64) {
				const x = a + j;
				putFour(add, out + j, ofOne(op, v128.load(x)), ofOne(op, v128.load(x, 16)), ofOne(op, v128.load(x, 32)), ofOne(op, v128.load(x, 48)));
			}
		for (; j < whole; j += 16) put(add, out + j, ofOne(op, read(a, j, splat)));
		for (; j < end; j += 4) putOne(add, out + j, ofOne(op, loadFirst(a, j, splat)));
		out += code.outRow;
		a += code.aRow;
	}
}

/** out ← a where c is not 0, else b: by their bits, so that what is not chosen may be NaN. */
function select3(code: Code, B: i32, t: i32): void {
	const whole = bytes(code.width & ~3), end = bytes(code.width), splat = code.splat;
	const aOne = (splat & 1) != 0, bOne = (splat & 2) != 0, cOne = (splat & 4) != 0;
	let out = at(code.out, code.outStep, code.outRow, t), a = at(code.a, code.aStep, code.aRow, t), b = at(code.b, code.bStep, code.bRow, t), c = at(code.c, code.cStep, code.cRow, t);
	const zero = f32x4.splat(0);
	for (let r = 0; r < B; r++) {
		let j: usize = 0;
		for (; j < whole; j += 16) v128.store(out + j, v128.bitselect(read(a, j, aOne), read(b, j, bOne), f32x4.ne(read(c, j, cOne), zero)));
		for (; j < end; j += 4) storeOne(out + j, v128.bitselect(loadFirst(a, j, aOne), loadFirst(b, j, bOne), f32x4.ne(loadFirst(c, j, cOne), zero)));
		out += code.outRow;
		a += code.aRow;
		b += code.bRow;
		c += code.cRow;
	}
}

/** out ← (a − μ) / √(σ² + ε), each row; ε lies at b, and 1 / √(σ² + ε) of each row goes to c. */
function normalise(code: Code, B: i32, t: i32): void {
	const n = code.width, wide = bytes(n & ~15), end = bytes(n);
	const epsilon = <f64>load<f32>(code.b);
	let out = at(code.out, code.outStep, code.outRow, t), a = at(code.a, code.aStep, code.aRow, t), c = at(code.c, code.cStep, code.cRow, t);
	for (let r = 0; r < B; r++) {
		// four sums, so that none waits for the other
		let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
		let j: usize = 0;
		for (; j < wide; j += 64) {
			s0 = f32x4.add(s0, v128.load(a + j));
			s1 = f32x4.add(s1, v128.load(a + j, 16));
			s2 = f32x4.add(s2, v128.load(a + j, 32));
			s3 = f32x4.add(s3, v128.load(a + j, 48));
		}
		for (; j < end; j += 4) s0 = f32x4.add(s0, loadOne(a + j));
		const mean = four(s0, s1, s2, s3) / <f32>n, centre = f32x4.splat(mean);
		s0 = s1 = s2 = s3 = f32x4.splat(0);
		for (j = 0; j < wide; j += 64) {
			const d0 = f32x4.sub(v128.load(a + j), centre), d1 = f32x4.sub(v128.load(a + j, 16), centre);
			const d2 = f32x4.sub(v128.load(a + j, 32), centre), d3 = f32x4.sub(v128.load(a + j, 48), centre);
			s0 = fma(d0, d0, s0);
			s1 = fma(d1, d1, s1);
			s2 = fma(d2, d2, s2);
			s3 = fma(d3, d3, s3);
		}
		let squares = four(s0, s1, s2, s3);
		for (; j < end; j += 4) {
			const d = load<f32>(a + j) - mean;
			squares += d * d;
		}
		const scale = <f32>(1 / Math.sqrt(<f64>squares / <f64>n + epsilon));
		store<f32>(c, scale);
		const factor = f32x4.splat(scale);
		for (j = 0; j < wide; j += 64)
			putFour(
				false, out + j,
				f32x4.mul(f32x4.sub(v128.load(a + j), centre), factor), f32x4.mul(f32x4.sub(v128.load(a + j, 16), centre), factor),
				f32x4.mul(f32x4.sub(v128.load(a + j, 32), centre), factor), f32x4.mul(f32x4.sub(v128.load(a + j, 48), centre), factor),
			);
		for (; j < end; j += 4) store<f32>(out + j, (load<f32>(a + j) - mean) * scale);
		out += code.outRow;
		a += code.aRow;
		c += code.cRow;
	}
}

/** The sum of sixteen lanes. */
@inline
function four(a: v128, b: v128, c: v128, d: v128): f32 {
	return total(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

/** From a, the gradient of y, and b, y itself, that of x; c holds the scales. */
function normaliseBack(code: Code, B: i32, t: i32): void {
	if (code.add) normaliseBackRows(true, code, B, t);
	else normaliseBackRows(false, code, B, t);
}

@inline
function normaliseBackRows(add: bool, code: Code, B: i32, t: i32): void {
	const n = code.width, wide = bytes(n & ~15), end = bytes(n);
	let out = at(code.out, code.outStep, code.outRow, t), a = at(code.a, code.aStep, code.aRow, t), b = at(code.b, code.bStep, code.bRow, t), c = at(code.c, code.cStep, code.cRow, t);
	for (let r = 0; r < B; r++) {
		let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, d0 = s0, d1 = s0, d2 = s0, d3 = s0;
		let j: usize = 0;
		for (; j < wide; j += 64) {
			const x = a + j, y = b + j;
			const g0 = v128.load(x), g1 = v128.load(x, 16), g2 = v128.load(x, 32), g3 = v128.load(x, 48);
			s0 = f32x4.add(s0, g0);
			s1 = f32x4.add(s1, g1);
			s2 = f32x4.add(s2, g2);
			s3 = f32x4.add(s3, g3);
			d0 = fma(g0, v128.load(y), d0);
			d1 = fma(g1, v128.load(y, 16), d1);
			d2 = fma(g2, v128.load(y, 32), d2);
			d3 = fma(g3, v128.load(y, 48), d3);
		}
		for (; j < end; j += 4) {
			const g = loadOne(a + j);
			s0 = f32x4.add(s0, g);
			d0 = f32x4.add(d0, f32x4.mul(g, loadOne(b + j)));
		}
		const mean = f32x4.splat(four(s0, s1, s2, s3) / <f32>n), along = f32x4.splat(four(d0, d1, d2, d3) / <f32>n), scale = v128.load32_splat(c);
		for (j = 0; j < wide; j += 64) {
			const x = a + j, y = b + j;
			putFour(
				add, out + j,
				straighten(v128.load(x), v128.load(y), mean, along, scale), straighten(v128.load(x, 16), v128.load(y, 16), mean, along, scale),
				straighten(v128.load(x, 32), v128.load(y, 32), mean, along, scale), straighten(v128.load(x, 48), v128.load(y, 48), mean, along, scale),
			);
		}
		for (; j < end; j += 4) putOne(add, out + j, straighten(loadOne(a + j), loadOne(b + j), mean, along, scale));
		out += code.outRow;
		a += code.aRow;
		b += code.bRow;
		c += code.cRow;
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

/** A gradient without what moves the mean, or the length along y: the norm takes that back. */
@inline
function straighten(g: v128, y: v128, mean: v128, along: v128, scale: v128): v128 {
	return f32x4.mul(scale, f32x4.sub(f32x4.sub(g, mean), f32x4.mul(along, y)));
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
