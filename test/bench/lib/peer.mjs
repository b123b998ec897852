/** A peer in a process of its own: `node peer.mjs NAME [BACKEND]`. A line of JSON in, { name, work, seconds }; a line out, { samples, tokens }. */
import { createInterface } from "node:readline";
import { tokens } from "./workloads.mjs";

console.log = console.error; // what a peer says is not an answer
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const { about, make } = await import(`./peers/${process.argv[2]}.mjs`);
answer({ about });

const made = new Map();
for await (const line of createInterface({ input: process.stdin })) {
	const { name, work, seconds } = JSON.parse(line);
	if (!made.has(name)) {
		const step = make(work);
		made.set(name, step);
		// What it compiles as it goes should be compiled: warm for a while, one step at least.
		const end = performance.now() + 1000;
		if (step)
			do await step();
			while (performance.now() < end);
	}
	const step = made.get(name);
	const samples = [];
	const end = performance.now() + seconds * 1e3;
	while (step && (samples.length === 0 || performance.now() < end)) {
		const start = performance.now();
		await step();
		samples.push(performance.now() - start);
	}
	answer({ samples, tokens: step?.tokens ?? tokens(work) });
}
