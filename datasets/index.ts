/**
 * Small real data and generators for the lessons. Re-exports, nothing else.
 * @module
 */
export { adding } from "./adding.ts";
export { columnAddition, sums } from "./addition.ts";
export { type AfinnData, afinn } from "./afinn.ts";
export { anbn, anbnNext } from "./anbn.ts";
export {
	type BirthData,
	type BirthDay,
	type BirthOptions,
	births,
} from "./births.ts";
export {
	type BrownData,
	type BrownOptions,
	type BrownTag,
	brown,
	brownTags,
	type TaggedSentence,
} from "./brown.ts";
export {
	type CarbonDioxideData,
	type CarbonDioxideMonth,
	type CarbonDioxideOptions,
	carbonDioxide,
} from "./carbon-dioxide.ts";
export {
	type CompilerMessageData,
	type CompilerMessageOptions,
	compilerMessages,
} from "./compiler-messages.ts";
export { copying } from "./copying.ts";
export { dates } from "./dates.ts";
export {
	type Digit,
	type DigitData,
	type DigitOptions,
	digitNames,
	digits,
	type Scene,
	scenes,
} from "./digits.ts";
export { type DownloadOptions, download } from "./download.ts";
export {
	type Drive,
	drive,
	driverActions,
	expertAction,
	type Recording,
	recordings,
	type Track,
	track,
	view,
} from "./driver.ts";
export {
	elmanAlphabet,
	elmanLetters,
	letterFeatures,
} from "./elman-letters.ts";
export {
	elmanNext,
	elmanNouns,
	elmanSentences,
	elmanWords,
} from "./elman-sentences.ts";
export { englishSpanish } from "./english-spanish.ts";
export {
	type HandwritingData,
	type HandwritingOptions,
	handwriting,
	type Written,
} from "./handwriting.ts";
export type { Origin } from "./installed.ts";
export {
	formula,
	type LogicTree,
	logicLabels,
	logicTree,
} from "./logic-trees.ts";
export { mobyDick, type TextData } from "./moby-dick.ts";
export { inEnglish, inSpanish, numberWords } from "./number-words.ts";
export {
	type Opinion,
	type OpinionData,
	type OpinionOptions,
	opinions,
} from "./opinions.ts";
export { parity } from "./parity.ts";
export {
	type Pronunciation,
	type PronunciationData,
	type PronunciationOptions,
	pronunciations,
} from "./pronunciations.ts";
export {
	type ColumnKinds,
	readTable,
	readText,
	type TableRow,
} from "./read-table.ts";
export {
	embeddedReber,
	embeddedReberNext,
	reber,
	reberLetters,
	reberNext,
} from "./reber.ts";
export { type Surname, type SurnameData, surnames } from "./surnames.ts";
export { orderTokens, temporalOrder } from "./temporal-order.ts";
export type { TextPair } from "./text-pair.ts";
export { xorInTime } from "./xor-in-time.ts";
