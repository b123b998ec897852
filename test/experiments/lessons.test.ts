import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { execute, findingsOf } from "../lessons/execute.ts";
import { lessons } from "../lessons/notebooks.ts";

/** `npm test` runs each lesson with its own seeds and one thread. */
const runs = [
	{ shift: 0, threads: 2 },
	{ shift: 1000, threads: 1 },
	{ shift: 2000, threads: 2 },
	{ shift: 3000, threads: 1 },
];

const said: string[] = [];
afterAll(() => {
	const folder = join(project, "test/report");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "findings.txt"), said.join("\n"));
	console.log(said.join("\n"));
});

describe.each(lessons)("the findings of %s", (lesson) => {
	test.each(runs)(
		"hold with seeds + $shift and $threads threads",
		async ({ shift, threads }) => {
			const keep = `seeds/${shift}-${threads}`;
			const parameters = { shift };
			const run = await execute(lesson, { parameters, threads, keep });
			const findings = findingsOf(run.notebook);
			const head = `${lesson}, seeds + ${shift}, ${threads} threads, ${run.cpu.toFixed(1)} CPU seconds`;
			said.push(head, ...findings.map((sentence) => `  ${sentence}`));
			expect(findings).not.toEqual([]);
		},
	);
});
