/**
 * `npm run bench -- plot`: what pictures weigh in a notebook and take to draw, and what `follow` costs a training.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { serialize } from "node:v8";
import {
	adam,
	chain,
	dense,
	embedding,
	fit,
	gru,
	random,
	softmaxCrossEntropy,
	unroll,
	vocabulary,
	windows,
} from "unrolled";
import { follow, jupyterDisplay } from "unrolled/plot";
import { charts } from "../../plot/table.ts";

const kB = (/** @type {unknown} */ value) =>
	(JSON.stringify(value ?? "").length / 1000).toFixed(1);
const rows = [];
for (const [name, picture] of charts) {
	await picture[jupyterDisplay](); // Vega is loaded
	let begun = performance.now();
	const draft = picture.draft();
	const quick = performance.now() - begun;
	begun = performance.now();
	const bundle = await picture[jupyterDisplay]();
	const whole = performance.now() - begun;
	rows.push(
		`| ${name} | ${kB(draft)} | ${kB(bundle["image/png"])} | ${quick.toFixed(1)} | ${whole.toFixed(0)} |`,
	);
}

const steps = 400;
const text =
	"to be or not to be, that is the question: whether tis nobler in the mind to suffer. ".repeat(
		50,
	);
/** A training, and a display that copies as the kernel's does: seconds of CPU time until the last step, and how often it drew. */
async function run(/** @type {boolean} */ followed) {
	const seed = random(1);
	const characters = vocabulary(text);
	const model = chain(
		embedding({ tokens: characters.size, size: 16, random: seed }),
		unroll(gru({ inputs: 16, hidden: 64, random: seed })),
		dense({ inputs: 64, outputs: characters.size, random: seed }),
	);
	const strips = windows(characters.encode(text), { batch: 16, steps: 32 });
	const training = fit(
		() => {
			const { inputs, targets } = strips.next().value;
			return softmaxCrossEntropy(model.apply(inputs), targets);
		},
		{ weights: model.weights, optimiser: adam(), steps, clip: 1 },
	);
	let redraws = 0;
	let over = 0;
	const begun = process.cpuUsage();
	const display = (/** @type {unknown} */ bundle) => {
		serialize(JSON.stringify(bundle));
		redraws++;
	};
	const each = ({ step }) => {
		if (step !== steps) return;
		const { user, system } = process.cpuUsage(begun);
		over = user + system;
	};
	if (followed) await follow(display, training, { steps, clip: 1, each });
	else for await (const report of training) each(report);
	return { seconds: over / 1e6, redraws };
}
await run(true);
const pairs = [];
for (let i = 0; i < 5; i++)
	pairs.push({ plain: await run(false), followed: await run(true) });
const ratio = pairs
	.map(({ plain, followed }) => followed.seconds / plain.seconds)
	.sort((a, b) => a - b);
const percent = (/** @type {number} */ r) => `${(100 * (r - 1)).toFixed(1)} %`;

const report = `# Pictures

By \`npm run bench -- plot\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus()[0].model}, ${cpus().length} CPUs.

| picture | view, kB | PNG, kB | draft, ms | with PNG, ms |
|---|---:|---:|---:|---:|
${rows.join("\n")}

\`follow\` over ${steps} steps of a GRU of 64 units (${pairs[0].plain.seconds.toFixed(1)} s of CPU time), beside the same training without it, five pairs:
${percent(ratio[2])} more time (from ${percent(ratio[0])} to ${percent(ratio[4])}), with ${pairs[0].followed.redraws} bundles sent.
`;
console.log(report);
writeFileSync(join(import.meta.dirname, "../plot.md"), report);
