/** What a value is, in an error's words: `a list of 3`, `a Tensor [2, 3]`, `"abc"`. */
export function described(value: unknown): string {
	if (typeof value === "string") return JSON.stringify(shortened(value));
	if (typeof value === "bigint") return `the bigint ${value}n`;
	if (typeof value === "function")
		return value.name === "" ? "a function" : `the function ${value.name}`;
	if (typeof value !== "object" || value === null) return String(value);
	if (Array.isArray(value)) return describedList(value);
	if (ArrayBuffer.isView(value))
		return `${kindOf(value)} of ${(value as Int8Array).length ?? value.byteLength}`;
	if (isTensor(value)) return `a Tensor [${value.shape.join(", ")}]`;
	if (isLayer(value)) return `the layer ${value.name}`;
	if (isCell(value)) return `the cell ${value.name}`;
	const kind = kindOf(value);
	if (kind !== "an Object") return kind;
	const names = Object.keys(value);
	return names.length === 0 ? "{}" : `{ ${shortened(names.join(", "))} }`;
}

/** Short lists of numbers are shown, of others only the length. */
function describedList(list: readonly unknown[]): string {
	const plain = list.every((item) => typeof item === "number");
	return plain && list.length <= 8
		? `[${list.join(", ")}]`
		: `a list of ${list.length}`;
}

function kindOf(value: object): string {
	const name = value.constructor?.name || "object";
	return `${/^([AEIO]|U(?!int))/i.test(name) ? "an" : "a"} ${name}`; // a Uint8Array
}

const shortened = (text: string): string =>
	text.length > 60 ? `${text.slice(0, 60)}…` : text;

/** Whether it has the members of a `Tensor`. */
export function isTensor(
	value: unknown,
): value is { shape: readonly number[]; dtype: string } {
	// without a call for each member: layers ask it in every run
	return (
		typeof value === "object" &&
		value !== null &&
		"madeBy" in value &&
		"shape" in value &&
		"data" in value
	);
}

/** Whether it has the members of a `Layer`. */
export function isLayer(value: unknown): value is { name: string } {
	return has(value, "run", "apply", "weights");
}

/** Whether it has the members of a `Cell`, or of a cell over trees. */
export function isCell(value: unknown): value is { name: string } {
	return has(value, "step", "hidden", "weights");
}

/** Whether it is a plain object, such as `{ W, b }`: no list, no tensor, no Map … */
export function isRecord(
	value: unknown,
): value is Readonly<Record<string, unknown>> {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		return false;
	const prototype = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether it is an object with these members. */
export function has(value: unknown, ...names: string[]): boolean {
	return (
		typeof value === "object" &&
		value !== null &&
		names.every((name) => name in value)
	);
}

/** What other libraries call our options. */
const synonyms: Readonly<Record<string, string>> = {
	lr: "rate",
	learningrate: "rate",
	stepsize: "rate",
	eps: "epsilon",
	betas: "beta1",
	units: "hidden",
	hiddensize: "hidden",
	inputsize: "inputs",
	infeatures: "inputs",
	outfeatures: "outputs",
	numembeddings: "tokens",
	embeddingdim: "size",
	vocabularysize: "tokens",
	batchsize: "batch",
	labelsmoothing: "smoothing",
	seqlen: "steps",
	maxlen: "steps",
	truncating: "truncate",
	paddingvalue: "fill",
	minfreq: "least",
	mincount: "least",
	maxtokens: "most",
	sequencelength: "steps",
	epochs: "steps",
	iterations: "steps",
	optimizer: "optimiser",
	parameters: "weights",
	params: "weights",
	clipnorm: "clip",
	seed: "random",
	rng: "random",
	type: "dtype",
	init: "initial",
	initialState: "state",
	h0: "state",
	hx: "state",
	train: "training",
	k: "top",
	topk: "top",
	topp: "nucleus",
	p: "nucleus",
	beamsize: "width",
	maxlength: "limit",
};

/** The known name that somebody may have meant: what another library's name stands for, or the one that is spelled most alike. */
export function nearest(
	name: string,
	known: readonly string[],
): string | undefined {
	const letters = name.toLowerCase().replace(/[_-]/g, "");
	const meant = synonyms[letters];
	if (known.includes(meant)) return meant;
	const ranked = known
		.map((other) => ({ other, off: edits(letters, other.toLowerCase()) }))
		.sort((a, b) => a.off - b.off);
	const [best] = ranked;
	if (best && best.off <= Math.max(1, Math.floor(best.other.length / 3)))
		return best.other;
	return known.find(
		(other) =>
			letters.length > 2 &&
			(other.toLowerCase().includes(letters) ||
				letters.includes(other.toLowerCase())),
	);
}

/** How many letters have to be put in, taken out or changed to get from one word to another (Levenshtein 1966). */
function edits(from: string, to: string): number {
	let row = Array.from({ length: to.length + 1 }, (_, j) => j);
	for (let i = 1; i <= from.length; i++) {
		const next = [i];
		for (let j = 1; j <= to.length; j++)
			next[j] = Math.min(
				row[j] + 1,
				next[j - 1] + 1,
				row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1),
			);
		row = next;
	}
	return row[to.length];
}
