import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { failingCells, inVenv, notebook } from "./notebooks.ts";

/** Notebooks that tools must see fail, each with a word of the error they must show. */
const failing = [
	...failingCells,
	{
		name: "rejection",
		code: 'await Promise.reject(new Error("no answer"));',
		shows: "no answer",
	},
	{
		name: "finding that does not hold",
		code: 'import { finding } from "unrolled/exercise";\nfinding("Whales are fish.", false)',
		shows: "this does not hold: Whales are fish.",
	},
];
const folder = join(project, "test/report/failing");

beforeAll(() => {
	mkdirSync(folder, { recursive: true });
	const write = (name: string, ...cells: string[]) =>
		writeFileSync(
			join(folder, `${name}.ipynb`),
			JSON.stringify(notebook(...cells)),
		);
	for (const { name, code } of failing) write(name, "const before = 1;", code);
	write("sound", "const before = 1;", "before + 1");
});

/** By default as CI does; pytest says by itself that it is a test. */
const execute = (
	name: string,
	signal: AbortSignal,
	env: Record<string, string | undefined> = { CI: "true" },
) =>
	inVenv("jupyter", ["execute", `${name}.ipynb`], { cwd: folder, signal, env });

const nbmake = (name: string, signal: AbortSignal) =>
	inVenv(
		"python",
		[
			"-m",
			"pytest",
			"--nbmake",
			"-p",
			"no:cacheprovider",
			"--rootdir=.",
			`${name}.ipynb`,
		],
		{
			cwd: folder,
			signal,
			env: { CI: undefined },
		},
	);

test("a sound notebook passes in both tools", async ({ signal }) => {
	const [executed, tested] = [
		await execute("sound", signal),
		await nbmake("sound", signal),
	];
	expect(executed.code, executed.output).toBe(0);
	expect(tested.code, tested.output).toBe(0);
	expect(tested.output).toContain("1 passed");
});

test("outside of CI, a finding that does not hold is no error", async ({
	signal,
}) => {
	const env = { CI: undefined, PYTEST_CURRENT_TEST: undefined };
	const { code, output } = await execute(
		"finding that does not hold",
		signal,
		env,
	);
	expect(code, output).toBe(0);
});

describe.each(failing)("a notebook with a $name", ({ name, shows }) => {
	test("makes `jupyter execute` exit 1 and show the error", async ({
		signal,
	}) => {
		const { code, output } = await execute(name, signal);
		expect(output).toContain(shows);
		expect(code).toBe(1);
	});

	test("fails in `pytest --nbmake`", async ({ signal }) => {
		const { code, output } = await nbmake(name, signal);
		expect(output).toContain(shows);
		expect(output).toContain("1 failed");
		expect(code).toBe(1);
	});
});
