/** Interrupts at random moments inside the library's own work, and what must be whole afterwards. */
import { expect } from "vitest";
import type { Kernel } from "./client.ts";
import { begin, sleep, start } from "./running.ts";

/** A network with a twin that nobody interrupts: a kernel of its own runs one layer, a program the other. Most of a step is the optimiser's: where it is cut off matters most there. */
const SETUP = `
import {
	adam, beamSearch, chain, checkGradients, clipNorm, copyWeights, dense, dropout, elman, embedding, fit, greedy, lstm, monteCarlo,
	mul, noGrad, peephole, random, restoreWeights, softmaxCrossEntropy, sum, square, type Tensor, tensor, unroll, vocabulary, write, zeroGrad,
} from "unrolled";
const characters = vocabulary("abcdefgh");
const make = () => {
	const source = random(1);
	return chain(
		embedding({ tokens: 8, size: 64, random: source }),
		unroll(lstm({ inputs: 64, hidden: 256, random: source })),
		unroll(peephole({ inputs: 256, hidden: 64, random: source })),
		dropout(0.1),
		dense({ inputs: 64, outputs: 8, random: source }),
	);
};
const ids = [[0, 1], [2, 3], [4, 5], [6, 7]];
const [model, twin] = [make(), make()];
const [optimiser, other] = [adam(), adam()];
const lossOf = (net: typeof model) => () => softmaxCrossEntropy(net.apply(ids), ids);
const small = elman({ inputs: 2, hidden: 3, random: random(2), dtype: "float64" });
const smallLoss = () => sum(square(unroll(small).apply(tensor([[[1, 2]], [[3, 4]], [[5, 6]]], { dtype: "float64" }))));
const kept = copyWeights(small);
const probe = tensor([2], { requiresGrad: true });
const same = (a: Tensor, b: Tensor) => Buffer.compare(Buffer.from(a.data), Buffer.from(b.data)) === 0 && a.data.every((v, i) => Object.is(v, b.data[i]));
const alike = (a: Record<string, Tensor>, b: Record<string, Tensor>) => Object.keys(a).every((name) => same(a[name], b[name]));
const step = () => { zeroGrad(model); lossOf(model)().backward(); clipNorm(model, 1e9); optimiser.step(model); };
const twinStep = () => { lossOf(twin)().backward(); other.step(twin); };
`;

/** Whether all is whole: gradients on, the twin at some step where the network is, both the same after two further steps. */
const CHECK = `
await (async () => {
	const faults: string[] = [];
	if (!mul(probe, 2).requiresGrad) faults.push("gradients are off");
	if (!alike(small.weights, kept)) faults.push("checkGradients left a number changed");
	if (!Object.values<Tensor>(small.weights).every((w) => w.grad === null)) faults.push("checkGradients left gradients");
	let behind = 0;
	while (!alike(model.weights, twin.weights) && behind++ < 5_000) twinStep();
	if (behind > 5_000) faults.push("the weights are none of the twin's");
	for (let i = 0; i < 3; i++) twinStep();
	lossOf(model)().backward();
	optimiser.step(model);
	await fit(lossOf(model), { weights: model, optimiser, steps: 2 });
	if (!alike(model.weights, twin.weights)) faults.push("the next steps are not the twin's");
	if (!Object.values<Tensor>(model.weights).every((w) => w.grad === null)) faults.push("gradients are left");
	return faults.join("; ") || "whole";
})()`;

/** Work without end, by name. */
export const endless: Readonly<Record<string, string>> = {
	"noGrad evaluation": "for (;;) noGrad(() => model.apply(ids));",
	write: `write(model, { vocabulary: characters, start: "a", length: 1e9, random: random(1) });`,
	greedy: "greedy(model, { start: [0], limit: 1e9 });",
	beamSearch: "beamSearch(model, { start: [0], limit: 1e9, width: 3 });",
	monteCarlo: "monteCarlo(model, ids, { samples: 1e9, random: random(1) });",
	checkGradients: "for (;;) checkGradients(smallLoss, small);",
	fit: "for await (const _ of fit(lossOf(model), { weights: model, optimiser, steps: 1e9 }));",
	"an own loop": "for (;;) step();",
	"an own loop that never clears":
		"for (;;) { lossOf(model)().backward(); optimiser.step(model); }",
	"a forward and backward pass":
		"for (;;) { zeroGrad(model); lossOf(model)().backward(); }",
	"a pass that looks inside": `for (;;) {
		zeroGrad(model);
		softmaxCrossEntropy(model.run(ids, { inspect: true }).outputs, ids).backward();
	}`,
	"copying and restoring": `const here = copyWeights(model);
		for (;;) restoreWeights(model, here);`,
};

/** A kernel with the network and its twin. */
export async function startTwins(): Promise<Kernel> {
	const kernel = await start();
	const { error } = await kernel.run(SETUP);
	expect(error?.traceback.join("\n")).toBe(undefined);
	expect((await kernel.run(CHECK)).text, "before").toBe("'whole'");
	return kernel;
}

/** Interrupts a work so many times, each time at a random moment, and checks after each that all is whole. */
export async function interruptOften(
	kernel: Kernel,
	work: string,
	times: number,
	how: "message" | "signal" = "message",
): Promise<void> {
	for (let i = 0; i < times; i++) {
		const id = await begin(kernel, `{ ${endless[work]} }`);
		await sleep(Math.random() * 60);
		if (how === "signal") kernel.process.kill("SIGINT");
		else await kernel.request("control", "interrupt_request", {});
		expect((await kernel.end(id)).error?.ename, work).toBe("Interrupted");
		const { text, error } = await kernel.run(CHECK);
		expect(error?.evalue ?? text, `${work}, interrupt ${i + 1}`).toBe(
			"'whole'",
		);
	}
}
