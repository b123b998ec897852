/** A peer in a process of its own: `node peer.mjs NAME [BACKEND]`. A line of JSON in, { name, work, seconds }; a line out, { samples, tokens }. */
import { createInterface } from "node:readline";
import { tokens } from "./workloads.mjs";

console.log = console.error; // what a peer says is not an answer
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const { about, make } = await import(`./peers/${process.argv[2]}.mjs`);
answer({ about });

/** A step this slow, in milliseconds, is taken once and not warmed for. */
const SLOW = 4000;
const made = new Map();

async function timed(step) {
	const start = performance.now();
	await step();
	return performance.now() - start;
}

/** The step of a workload, after a second of warming: what is compiled as it goes should be compiled. */
async function prepare(work) {
	const step = make(work);
	if (!step) return {};
	const end = performance.now() + 1000;
	do {
		const ms = await timed(step);
		if (ms > SLOW) return { step, slow: ms };
	} while (performance.now() < end);
	return { step };
}

for await (const line of createInterface({ input: process.stdin })) {
	const { name, work, seconds } = JSON.parse(line);
	if (!made.has(name))
		made.set(
			name,
			await prepare(work).catch((error) => {
				process.stderr.write(`${about}, ${name}: ${error}\n`);
				return {};
			}),
		);
	const { step, slow } = made.get(name);
	const samples = slow ? [slow] : [];
	const end = performance.now() + seconds * 1e3;
	while (step && !slow && (samples.length === 0 || performance.now() < end))
		samples.push(await timed(step));
	answer({ samples, tokens: step?.tokens ?? tokens(work) });
}
