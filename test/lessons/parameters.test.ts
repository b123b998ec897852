import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { inVenv, lessons, type Notebook, notebook, text } from "./notebooks.ts";
import {
	checkParameters,
	known,
	parametersFrom,
	parametersOf,
} from "./parameters.ts";

test("parameters are what the tagged cell declares", () => {
	const given = notebook(
		"let shift = 0; // seeds\nlet steps = 9;",
		"let x = 1;",
	);
	given.cells[0].metadata.tags = ["parameters"];
	expect(parametersOf(given)).toEqual(["shift", "steps"]);
});

test("values are read as JSON writes them, other words as text", () => {
	const given = ["shift=7", "ready=true", "name=a=b", "sizes=[1,2]"];
	expect(parametersFrom(given)).toEqual({
		...{ shift: 7, ready: true, name: "a=b", sizes: [1, 2] },
	});
	expect(() => parametersFrom(["shift"])).toThrow(
		'--parameters takes NAME=VALUE, as in --parameters shift=7, and got "shift".',
	);
});

const [lesson] = lessons;

test("a lesson gets the parameters that it has, and one that no lesson has is refused", () => {
	expect(known(lesson, { shift: 1, other: 2 })).toEqual({ shift: 1 });
	checkParameters([lesson], { shift: 1 });
	expect(() => checkParameters([lesson], { other: 2 })).toThrow(
		/has a parameter other\. Parameters by lesson:\n00: shift/,
	);
});

describe("papermill", () => {
	test("puts other values behind the parameters of a lesson", async ({
		signal,
	}) => {
		const folder = join(project, "test/report/parameters");
		mkdirSync(folder, { recursive: true });
		const out = join(folder, lesson);
		const { code, output } = await inVenv(
			"papermill",
			[join("notebooks", lesson), out, "-p", "shift", "7", "--prepare-only"],
			{ cwd: project, signal },
		);
		expect(code, output).toBe(0);
		const { cells }: Notebook = JSON.parse(readFileSync(out, "utf8"));
		const at = cells.findIndex(({ metadata }) =>
			metadata.tags?.includes("parameters"),
		);
		expect(text(cells[at + 1].source)).toBe("// Parameters\nlet shift = 7;\n");
	});
});
