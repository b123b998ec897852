import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import {
	failingCells,
	inVenv,
	type Notebook,
	notebook,
} from "../lessons/notebooks.ts";

/**
 * The tools that run notebooks, as published, on notebooks that must pass and on ones that must not.
 * nbclient (`jupyter execute`) and nbmake are held to the same in test/lessons/failing.test.ts.
 */
const folder = join(project, "test/report/tools");

const write = (name: string, content: Notebook) =>
	writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(content));
const read = (name: string): Notebook =>
	JSON.parse(readFileSync(join(folder, `${name}.ipynb`), "utf8"));

const pytest = (name: string) => [
	"-m",
	"pytest",
	"--nbval",
	"-p",
	"no:cacheprovider",
	"--rootdir=.",
	`${name}.ipynb`,
];
const tools = [
	{ tool: "nbval", program: "python", args: pytest },
	{
		tool: "papermill",
		program: "papermill",
		args: (name: string) => [
			`${name}.ipynb`,
			`${name}-papermill.ipynb`,
			"--no-progress-bar",
		],
	},
	{
		tool: "nbconvert --execute",
		program: "jupyter",
		args: (name: string) => [
			"nbconvert",
			"--to=notebook",
			"--execute",
			`--output=${name}-nbconvert`,
			`${name}.ipynb`,
		],
	},
];

beforeAll(() => {
	mkdirSync(folder, { recursive: true });
	for (const { name, code } of failingCells)
		write(name, notebook("const before = 1;", code));
	const sound = notebook("const before = 20 + 1;", "before * 2");
	// nbval runs a notebook again and compares: so it has its outputs.
	const outputs = [
		{
			output_type: "execute_result",
			data: { "text/plain": "42" },
			metadata: {},
			execution_count: 2,
		},
	];
	sound.cells[1].outputs = outputs;
	for (const [index, cell] of sound.cells.entries())
		cell.execution_count = index + 1;
	write("sound", sound);
	const changed = structuredClone(sound);
	changed.cells[1].source = "before * 3";
	write("changed", changed);
});

describe.concurrent.each(tools)("$tool", ({ program, args }) => {
	test("passes a sound notebook", async ({ signal, expect }) => {
		const { code, output } = await inVenv(program, args("sound"), {
			cwd: folder,
			signal,
		});
		expect(code, output).toBe(0);
	});

	test.for(failingCells)(
		"fails one with a $name, and shows it",
		async ({ name, shows }, { signal, expect }) => {
			const { code, output } = await inVenv(program, args(name), {
				cwd: folder,
				signal,
			});
			expect(output).toContain(shows);
			expect(code).toBe(1);
		},
	);
});

test.concurrent("nbval fails a notebook whose output is another than before", async ({
	signal,
	expect,
}) => {
	const { code, output } = await inVenv("python", pytest("changed"), {
		cwd: folder,
		signal,
	});
	expect(output).toContain("63");
	expect(code).toBe(1);
});

test("papermill puts its parameters in, as TypeScript", async ({ signal }) => {
	const given = notebook(
		'let rate = 0.1;\nlet names = ["nobody"];\nlet ready = true;',
		'[rate * 2, ready, names.join(" & ")]',
	);
	given.cells[0].metadata = { tags: ["parameters"] };
	write("parameters", given);
	const { code, output } = await inVenv(
		"papermill",
		[
			"parameters.ipynb",
			"parameters-out.ipynb",
			...["-p", "rate", "0.25"],
			...["-y", '{ names: [Jordan, "\\"Elman\\""], ready: false }'],
		],
		{ cwd: folder, signal },
	);
	expect(code, output).toBe(0);
	const { cells } = read("parameters-out");
	expect(cells.at(-1)?.outputs?.at(-1)?.data?.["text/plain"]).toEqual([
		"[ 0.5, false, 'Jordan & \"Elman\"' ]",
	]);
});

test("papermill lists the parameters of a notebook", async ({ signal }) => {
	const given = notebook("let rate: number = 0.1; // how far a step goes");
	given.cells[0].metadata = { tags: ["parameters"] };
	write("listed", given);
	const { code, output } = await inVenv(
		"papermill",
		["--help-notebook", "listed.ipynb"],
		{ cwd: folder, signal },
	);
	expect(code, output).toBe(0);
	expect(output).toMatch(/rate: number \(default 0\.1\)\s+how far a step goes/);
});

test("jupyter console answers, shows errors, and goes on", async ({
	signal,
}) => {
	const lines = [
		"const wave: number = 20 + 1;",
		"wave * 2",
		'throw new Error("the sea is rough");',
		'const n: number = "seven";',
		'console.log("still " + "afloat")',
	];
	const { code, output } = await inVenv(
		"jupyter",
		["console", "--kernel=unrolled", "--simple-prompt"],
		{ cwd: folder, signal, input: `${lines.join("\n")}\n` },
	);
	expect(code, output).toBe(0);
	expect(output).toContain("Out[2]: 42");
	expect(output).toContain("Error: the sea is rough");
	expect(output).toContain("not assignable");
	expect(output).toContain("still afloat");
});
