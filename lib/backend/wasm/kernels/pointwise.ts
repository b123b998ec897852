import {
	Abs, AbsBack, Add, AddRelu, AddSigmoid, AddTanh, Blend, Copy, Div, DivBack, DivFrom, Drop, Exp, Keep, Log, Max, MaxBack, Min, MinBack,
	Mul, MulAdd, MulDifference, MulReluBack, MulRest, MulSigmoidBack, MulTanhBack, Neg, Relu, ReluBack, Sigmoid, SigmoidBack, Sqrt,
	SqrtBack, Square, SquareBack, Sub, SubFrom, Tanh, TanhBack,
} from "../constants";
import { at, Code, put, putFour, putOne } from "./instruction";
import { exp, log, relu, reluSlope, sigmoid, sigmoidSlope, sign, tanh, tanhSlope } from "./math";
import { bytes, fma, loadOne, storeOne } from "./simd";

// Instructions that take a number of each operand to one of the result.
// They are done in groups, each by a function of its own: one function for all would be so large that compiling takes minutes. What only
// a forward pass does is never added to what is there.

export function sums(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Add: return both(Add, code, B, t);
		case Sub: return bothRows(Sub, false, code, B, t);
		case SubFrom: return bothRows(SubFrom, false, code, B, t);
		case Mul: return both(Mul, code, B, t);
		case MulRest: return both(MulRest, code, B, t);
		case Keep: return both(Keep, code, B, t);
		default: return both(Drop, code, B, t);
	}
}

export function functionsOfSums(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case AddTanh: return bothRows(AddTanh, false, code, B, t);
		case AddSigmoid: return bothRows(AddSigmoid, false, code, B, t);
		default: return bothRows(AddRelu, false, code, B, t);
	}
}

export function slopes(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case TanhBack: return both(TanhBack, code, B, t);
		case SigmoidBack: return both(SigmoidBack, code, B, t);
		case ReluBack: return both(ReluBack, code, B, t);
		case SqrtBack: return both(SqrtBack, code, B, t);
		case SquareBack: return both(SquareBack, code, B, t);
		default: return both(AbsBack, code, B, t);
	}
}

export function quotients(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Div: return both(Div, code, B, t);
		case DivFrom: return bothRows(DivFrom, false, code, B, t);
		case Max: return bothRows(Max, false, code, B, t);
		default: return bothRows(Min, false, code, B, t);
	}
}

export function products(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case MulAdd: return threeRows(MulAdd, false, code, B, t);
		case Blend: return threeRows(Blend, false, code, B, t);
		default: return three(MulDifference, code, B, t);
	}
}

export function slopesOfProducts(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case MulTanhBack: return three(MulTanhBack, code, B, t);
		case MulSigmoidBack: return three(MulSigmoidBack, code, B, t);
		default: return three(MulReluBack, code, B, t);
	}
}

export function slopesOfQuotients(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case DivBack: return three(DivBack, code, B, t);
		case MaxBack: return three(MaxBack, code, B, t);
		default: return three(MinBack, code, B, t);
	}
}

/** `CopyRows` among them. */
export function copies(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Neg: return one(Neg, code, B, t);
		case Square: return oneRows(Square, false, code, B, t);
		case Abs: return oneRows(Abs, false, code, B, t);
		default: return one(Copy, code, B, t);
	}
}

export function functions(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Tanh: return oneRows(Tanh, false, code, B, t);
		case Sigmoid: return oneRows(Sigmoid, false, code, B, t);
		default: return oneRows(Relu, false, code, B, t);
	}
}

export function roots(code: Code, B: i32, t: i32): void {
	switch (code.op) {
		case Exp: return oneRows(Exp, false, code, B, t);
		case Log: return oneRows(Log, false, code, B, t);
		default: return oneRows(Sqrt, false, code, B, t);
	}
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
		: op == MulRest ? f32x4.mul(x, f32x4.sub(f32x4.splat(1), y))
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
	return op == Add || op == Sub || op == SubFrom || op == Mul || op == MulRest || op == MulAdd || op == MulDifference || op == Blend || op == Copy || op == Neg || op == Keep || op == Drop;
}

/** Whether b may be one number a row. */
@inline
function splats(op: i32): bool {
	return op == Add || op == Sub || op == SubFrom || op == Mul || op == Div || op == DivFrom || op == Max || op == Min || op == Keep || op == Drop;
}

/** out (+)= a ∘ b */
@inline
function both(op: i32, code: Code, B: i32, t: i32): void {
	if (code.add) bothRows(op, true, code, B, t);
	else bothRows(op, false, code, B, t);
}

@inline
function bothRows(op: i32, add: bool, code: Code, B: i32, t: i32): void {
	const wide = short(op) ? bytes(code.width & ~15) : 0, whole = bytes(code.width & ~3), end = bytes(code.width);
	const outRow = code.outRow, aRow = code.aRow, bRow = code.bRow, splat = splats(op) && code.splat != 0;
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
	if (op == MulDifference) return f32x4.mul(x, f32x4.sub(y, z));
	if (op == Blend) return fma(x, y, f32x4.mul(f32x4.sub(f32x4.splat(1), x), z));
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
export function select3(code: Code, B: i32, t: i32): void {
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
