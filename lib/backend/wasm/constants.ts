// What both sides of the border must agree on: the kernels (AssemblyScript) and what calls them read this one file, so it holds
// whole numbers only.

/** Columns in a panel of a packed matrix: two vectors. Rows inside a fused run are whole panels wide. */
export const PANEL = 8;

/** Steps of K and columns of N that a product works on at once: a packed block of 256 × 512 floats stays in the second-level cache. */
export const K_BLOCK = 256;
export const N_BLOCK = 512;
/** Rows of the largest tile whose sums stay in registers. */
export const MOST_ROWS = 6;

/** How `combine` combines two numbers. */
export const ADD = 0;
export const SUB = 1;
export const MUL = 2;
export const TANH_BACK = 3;
export const SIGMOID_BACK = 4;

/** Elman's f. */
export const TANH = 0;
export const RELU = 1;
export const SIGMOID = 2;

/** What an instruction of a program does: see kernels/program.ts. */
export const Add = 0;
export const Sub = 1;
export const SubFrom = 2;
export const Mul = 3;
export const TanhBack = 4;
export const SigmoidBack = 5;
export const ReluBack = 6;
export const Keep = 7;
export const Drop = 8;
export const Copy = 9;
export const Neg = 10;
export const Tanh = 11;
export const Sigmoid = 12;
export const Relu = 13;
export const Select = 14;
export const Normalise = 15;
export const NormaliseBack = 16;
export const Product = 17;
export const Clear = 18;
export const ClearEnded = 19;
export const CopyEnded = 20;
export const WeightGradient = 21;
export const ColumnSums = 22;
export const CopyRows = 23;
/** Two operations in one pass through memory: f(a + b), a ⊙ b + c, and a ⊙ b ⊙ f′ by the value c of f. */
export const AddTanh = 24;
export const AddSigmoid = 25;
export const AddRelu = 26;
export const MulAdd = 27;
export const MulTanhBack = 28;
export const MulSigmoidBack = 29;
export const MulReluBack = 30;
/** Attention over rows: see `StepOp`. */
export const Dots = 31;
export const Mix = 32;
export const Outer = 33;
export const Softmax = 34;
export const SoftmaxBack = 35;
/** Functions that few cells use: see `StepOp`. */
export const Div = 36;
export const DivFrom = 37;
export const Max = 38;
export const Min = 39;
export const Exp = 40;
export const Log = 41;
export const Sqrt = 42;
export const Square = 43;
export const Abs = 44;
export const SqrtBack = 45;
export const SquareBack = 46;
export const AbsBack = 47;
export const DivBack = 48;
export const MaxBack = 49;
export const MinBack = 50;
/** p ⊙ q + (1 − p) ⊙ r, and its slopes: a ⊙ (1 − b), a ⊙ (b − c). */
export const Blend = 51;
export const MulRest = 52;
export const MulDifference = 53;
