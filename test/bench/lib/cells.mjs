/** Every cell and wrapper beside the fused LSTM, as a table: `node test/bench/lib/own.mjs cells [WORD]`. */

/** The cells of peers/unrolled.mjs by name, and what a reader calls them. Those with a kernel run by it, the others as a program. */
const cells = {
	lstm: "LSTM, a kernel",
	lstmProgram: "LSTM, as a program",
	gru: "GRU, a kernel",
	gruProgram: "GRU, as a program",
	gruAfter: "GRU that resets after, a kernel",
	gruAfterProgram: "GRU that resets after, as a program",
	elman: "Elman, a kernel",
	elmanProgram: "Elman, as a program",
	jordan: "Jordan",
	lstm1997: "LSTM of 1997",
	peephole: "LSTM with peepholes",
	projectedLstm: "LSTM, projected to H / 2",
	layerNormLstm: "LSTM with layer normalisation",
	rhn2: "RHN of depth 2",
	rhn: "RHN of depth 3",
	deepTransition: "deep transition of depth 2",
	sru: "SRU",
	sru2017: "SRU of 2017",
	qrnn: "QRNN, window 2, at once",
	minimal: "minimal gated unit, a cell of one's own",
	zoneout: "LSTM under zoneout",
	zoneoutGru: "GRU under zoneout",
	gal: "LSTM under Gal's masks",
	semeniuta: "LSTM under Semeniuta's dropout",
	weightDrop: "LSTM under weight drop",
	learntStart: "LSTM with a learnt start, a kernel",
	lengths: "LSTM, a kernel, unequal lengths",
	lengthsProgram: "LSTM, as a program, unequal lengths",
};
const sizes = [
	{ name: "T 64, B 32, H 128", T: 64, B: 32, D: 128, H: 128 },
	{ name: "a lesson's T 30, B 32, 32 → 64", T: 30, B: 32, D: 32, H: 64 },
];

/** `ask` measures in a process of its own: see own.mjs. */
export function cellFigures(ask, word = "") {
	const wanted = Object.entries(cells).filter(
		([cell, name]) => cell === "lstm" || `${cell} ${name}`.includes(word),
	);
	return sizes.map(({ name: size, ...of }) => {
		let fused;
		const rows = wanted.map(([cell, name]) => {
			const work = JSON.stringify({ kind: "train", cell, ...of });
			const { ms, products } = ask(1, "train", work, 20);
			fused ??= { ms, products };
			const speed = fused.ms / ms;
			const counted = (speed * products) / fused.products;
			const walls = [1, 2].map((threads) => ask(threads, "wall", work, 1500));
			return `| ${name} | ${ms.toFixed(2)} | ${speed.toFixed(2)} | ${counted.toFixed(2)} | ${(walls[0] / walls[1]).toFixed(2)} |`;
		});
		return [
			`Cells beside the fused LSTM (training, ${size}; by products: counting the multiplications of its matrices, forward and back; two threads by the clock on the wall):`,
			[
				"| cell | ms a step, one thread | speed over the LSTM's | by products | two threads over one |",
				"| --- | ---: | ---: | ---: | ---: |",
				...rows,
			].join("\n"),
		].join("\n\n");
	});
}
