export { useWasm } from "./backend/current.ts";
export type {
	Cell,
	CellMode,
	CellOptions,
	CellState,
	CellTraits,
	Step,
	Tap,
} from "./cells/cell.ts";
export { pass } from "./cells/cell.ts";
export {
	type DeepTransitionOptions,
	deepTransition,
} from "./cells/deep-transition.ts";
export { type Activation, type ElmanOptions, elman } from "./cells/elman.ts";
export { type GalRates, gal } from "./cells/gal.ts";
export { type GruOptions, gru } from "./cells/gru.ts";
export { type IrnnOptions, irnn } from "./cells/irnn.ts";
export {
	type JordanCell,
	type JordanOptions,
	jordan,
} from "./cells/jordan.ts";
export { layerNormLstm } from "./cells/layer-norm-lstm.ts";
export { learntStart } from "./cells/learnt-start.ts";
export { lstm } from "./cells/lstm.ts";
export type { LstmOptions, LstmState } from "./cells/lstm-family.ts";
export { lstm1997 } from "./cells/lstm1997.ts";
export { peephole } from "./cells/peephole.ts";
export {
	type ProjectedLstmOptions,
	projectedLstm,
} from "./cells/projected-lstm.ts";
export { type QrnnOptions, qrnn } from "./cells/qrnn.ts";
export { type RhnOptions, rhn } from "./cells/rhn.ts";
export { semeniuta } from "./cells/semeniuta.ts";
export { type SruOptions, sru } from "./cells/sru.ts";
export { sru2017 } from "./cells/sru2017.ts";
export { teacherForced } from "./cells/teacher-forced.ts";
export { weightDrop } from "./cells/weight-drop.ts";
export type { WindowState } from "./cells/windowed.ts";
export { type ZoneoutRates, zoneout } from "./cells/zoneout.ts";
export {
	type Batches,
	type BatchesOptions,
	type BatchesState,
	batches,
} from "./data/batches.ts";
export { type Padded, type PadOptions, pad } from "./data/pad.ts";
export { folds, type PartitionOptions, partition } from "./data/partition.ts";
export {
	type SeriesWindow,
	type SeriesWindowsOptions,
	seriesWindows,
} from "./data/series-windows.ts";
export { type Standardisation, standardise } from "./data/standardise.ts";
export { type TextWindowsOptions, textWindows } from "./data/text-windows.ts";
export {
	type Vocabulary,
	type VocabularyOptions,
	vocabulary,
	words,
} from "./data/vocabulary.ts";
export {
	type Window,
	type WindowOptions,
	type Windows,
	windows,
} from "./data/windows.ts";
export {
	type BatchBeamOptions,
	type BeamOptions,
	beamSearch,
	type Hypothesis,
} from "./decode/beam-search.ts";
export { greedy } from "./decode/greedy.ts";
export { type SampleOptions, sample } from "./decode/sample.ts";
export {
	type ScheduledSamplingOptions,
	scheduledSampling,
} from "./decode/scheduled-sampling.ts";
export type { BatchTokenOptions, TokenOptions } from "./decode/tokens.ts";
export { type WriteOptions, write } from "./decode/write.ts";
export {
	constant,
	glorotNormal,
	glorotUniform,
	he,
	type Initialiser,
	identity,
	normal,
	orthogonal,
	pytorch,
	uniform,
	weight,
} from "./initialisers.ts";
export { type CellGraph, cellGraph } from "./inspect/cell-graph.ts";
export {
	type Graph,
	type GraphEdge,
	type GraphNode,
	type GraphOptions,
	graph,
} from "./inspect/graph.ts";
export {
	type NetworkEdge,
	type NetworkGraph,
	type NetworkNode,
	networkGraph,
} from "./inspect/network-graph.ts";
export { type Summary, summary } from "./inspect/summary.ts";
export { type AttendingOptions, attending } from "./layers/attending.ts";
export {
	type Attend,
	type Attention,
	type AttentionOptions,
	additiveAttention,
	dotAttention,
	generalAttention,
} from "./layers/attention.ts";
export {
	type BidirectionalLayer,
	type BidirectionalOptions,
	bidirectional,
	type Directions,
	reversed,
} from "./layers/bidirectional.ts";
export { chain, type Link } from "./layers/chain.ts";
export { type DeepOutputOptions, deepOutput } from "./layers/deep-output.ts";
export { type DenseOptions, dense } from "./layers/dense.ts";
export { dropout, lockedDropout, pham } from "./layers/dropout.ts";
export { type EmbeddingOptions, embedding } from "./layers/embedding.ts";
export {
	type Bridge,
	type EncoderDecoder,
	type EncoderDecoderOptions,
	encoderDecoder,
	type Pair,
} from "./layers/encoder-decoder.ts";
export {
	type InputFeedingOptions,
	inputFeeding,
} from "./layers/input-feeding.ts";
export {
	detach,
	type Internals,
	type Layer,
	type LayerState,
	layer,
	type Run,
	type RunOptions,
} from "./layers/layer.ts";
export { layerNorm } from "./layers/layer-norm.ts";
export { type MonteCarloOptions, monteCarlo } from "./layers/monte-carlo.ts";
export {
	type AttentionOverTimeOptions,
	attentionOverTime,
	lastStep,
	maxOverTime,
	meanOverTime,
	repeatOverTime,
} from "./layers/over-time.ts";
export { residual, residualStack, skipStack } from "./layers/residual.ts";
export { tied } from "./layers/tied.ts";
export { unroll } from "./layers/unroll.ts";
export { withWeights } from "./layers/with-weights.ts";
export { wordDropout } from "./layers/word-dropout.ts";
export { ones, type TensorOptions, tensor, zeros } from "./make.ts";
export {
	concat,
	reshape,
	slice,
	split,
	stack,
	transpose,
} from "./ops/arrange.ts";
export type { Operand } from "./ops/broadcast.ts";
export {
	abs,
	clip,
	equal,
	greater,
	less,
	maximum,
	minimum,
	pow,
} from "./ops/compare.ts";
export {
	add,
	div,
	exp,
	log,
	mul,
	neg,
	relu,
	sigmoid,
	sqrt,
	square,
	sub,
	tanh,
} from "./ops/elementwise.ts";
export { matmul, type Transposes } from "./ops/matmul.ts";
export { type OneHotOptions, oneHot } from "./ops/one-hot.ts";
export {
	type Axes,
	argmax,
	logSumExp,
	max,
	mean,
	min,
	type ReduceOptions,
	sum,
} from "./ops/reduce.ts";
export { gather, type Ids, where } from "./ops/select.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { type Random, type RandomState, random } from "./random.ts";
export {
	type CheckpointParts,
	checkpoint,
	type Plain,
	restoreCheckpoint,
	type Stateful,
} from "./save/checkpoint.ts";
export { loadFile, saveFile } from "./save/files.ts";
export { type OnnxOptions, toOnnx } from "./save/onnx.ts";
export { loadPytorch, toPytorch } from "./save/pytorch.ts";
export {
	readSafetensors,
	type Safetensors,
	writeSafetensors,
} from "./save/safetensors.ts";
export {
	type DType,
	type Nested,
	noGrad,
	type Shape,
	Tensor,
} from "./tensor.ts";
export { type Carried, carried } from "./train/carried.ts";
export { clipNorm, clipValue, gradientNorm } from "./train/clip.ts";
export { type Fit, type FitOptions, type FitStep, fit } from "./train/fit.ts";
export { checkGradients } from "./train/gradient-check.ts";
export {
	type CrossEntropyOptions,
	softmaxCrossEntropy,
} from "./train/losses/cross-entropy.ts";
export { type CtcOptions, ctc, ctcRead } from "./train/losses/ctc.ts";
export type { Mask } from "./train/losses/mask.ts";
export {
	type Mixture,
	type MixtureLossOptions,
	type MixtureOptions,
	mixture,
	mixtureDensity,
	type PenMove,
	sampleMixture,
} from "./train/losses/mixture-density.ts";
export {
	binaryCrossEntropy,
	type HuberOptions,
	huber,
	type MaskOptions,
	meanAbsoluteError,
	meanSquaredError,
	type QuantileOptions,
	quantileLoss,
} from "./train/losses/pointwise.ts";
export {
	accuracy,
	type BleuOptions,
	bits,
	bleu,
	editDistance,
	errorRate,
	exactMatch,
	type F1Options,
	f1,
	mase,
	meanAbsolute,
	perplexity,
	type Tokens,
} from "./train/metrics.ts";
export {
	type AdagradOptions,
	type AdamOptions,
	type AdamWOptions,
	adagrad,
	adam,
	adamW,
	type RmspropOptions,
	rmsprop,
} from "./train/optimisers/adam.ts";
export {
	type AveragedOptimiser,
	averaged,
} from "./train/optimisers/averaged.ts";
export type {
	Optimiser,
	OptimiserState,
	Rate,
} from "./train/optimisers/optimiser.ts";
export {
	type NesterovOptions,
	nesterov,
	type SgdOptions,
	sgd,
} from "./train/optimisers/sgd.ts";
export {
	cosine,
	onPlateau,
	type PlateauRate,
	type PlateauState,
	type RateSchedule,
	stepDecay,
	warmUp,
} from "./train/rates.ts";
export type { Data } from "./train/rounds.ts";
export type { Validation } from "./train/validation.ts";
export {
	copyWeights,
	freeze,
	type Part,
	restoreWeights,
	unfreeze,
	type WeightSet,
	zeroGrad,
} from "./train/weights.ts";
export type { Children, NodeState, TreeCell } from "./tree/cell.ts";
export {
	type ChildSumLstmOptions,
	childSumLstm,
} from "./tree/child-sum-lstm.ts";
export { type Forest, fold } from "./tree/fold.ts";
export { naryLstm } from "./tree/nary-lstm.ts";
export { type PlacesOptions, recursive } from "./tree/recursive.ts";
export { type Schedule, schedule, type Tree } from "./tree/tree.ts";
export type { Initial, Weights } from "./weights.ts";
