/**
 * `npm run bench -- plot`: what pictures weigh in a notebook and take to draw, what `follow` costs a training, and how often a second
 * `explore` draws anew.
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
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
import { dragged } from "./explore.ts";

const kB = (/** @type {unknown} */ value) =>
	(JSON.stringify(value ?? "").length / 1000).toFixed(1);
const load = loadavg()[0].toFixed(1);
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

const steps = 1200;
const text =
	"to be or not to be, that is the question: whether tis nobler in the mind to suffer. ".repeat(
		50,
	);
/** How long the follower of a training has each of its reports in hand, of all its time, in milliseconds. */
let held = 0;
/** @param {AsyncIterable<import("unrolled").FitStep>} training */
async function* watched(training) {
	for await (const report of training) {
		const begun = performance.now();
		yield report;
		held += performance.now() - begun;
	}
}
/** A training that `follow` follows, with a display that copies as the kernel's does: its share of the time until the last step. */
async function run() {
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
	let bundles = 0;
	let seconds = 0;
	let share = 0;
	const display = (/** @type {unknown} */ bundle) => {
		serialize(JSON.stringify(bundle));
		bundles++;
	};
	held = 0;
	const begun = performance.now();
	const each = ({ step }) => {
		if (step !== steps) return;
		seconds = (performance.now() - begun) / 1000;
		share = held / 1000 / seconds;
	};
	await follow(display, watched(training), { steps, clip: 1, each });
	return { seconds, bundles, share };
}
await run();
const runs = [];
for (let i = 0; i < 5; i++) runs.push(await run());
runs.sort((a, b) => a.share - b.share);
const percent = (/** @type {number} */ share) =>
	`${(100 * share).toFixed(1)} %`;

const report = `# Pictures

By \`npm run bench -- plot\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus()[0].model}, ${cpus().length} CPUs, load ${load}.

| picture | view, kB | PNG, kB | draft, ms | with PNG, ms |
|---|---:|---:|---:|---:|
${rows.join("\n")}

\`follow\` over ${steps} steps of a GRU of 64 units (${runs[2].seconds.toFixed(1)} s), five times:
${percent(runs[2].share)} of the time until the last step is \`follow\`'s (${percent(runs[0].share)} to ${percent(runs[4].share)}), with ${runs[2].bundles} bundles sent.

${await dragged()}
`;
console.log(report);
writeFileSync(join(import.meta.dirname, "../plot.md"), report);
