// The module's exports: what the host calls.
export { accumulate, combine, expOf, scale, sigmoidOf, squaredError, squaredNorm, tanhOf } from "./elementwise";
export { draw } from "./draw";
export { elmanBackward, elmanForward } from "./elman";
export { multiply, multiplyPart, setScratch } from "./gemm";
export { timesVector, vectorTimes } from "./gemv";
export { gruAfterBackward, gruAfterForward } from "./gru-after";
export { gruBeforeBackward, gruBeforeForward } from "./gru-before";
export { lstmBackward, lstmForward } from "./lstm";
export { adam, sgd } from "./optimise";
export { pool, poolBack } from "./pool";
export { pack } from "./pack";
export { copyColumns, programPart } from "./program";
export { copyOutputs, copyRows } from "./run";
export { crossEntropy, logSoftmax, softmax } from "./softmax";
