import { describe, expect, test } from "vitest";
import { committed, type Notebook, notebooks, text } from "./notebooks.ts";
import { crowdedLines } from "./sentences.ts";

test("a second sentence on a line is seen, an abbreviation is not one", () => {
	expect(crowdedLines("It learns. Then it writes.")).toHaveLength(1);
	expect(crowdedLines("- Why? *Because* it forgets.")).toHaveLength(1);
	expect(
		crowdedLines("It learns.\nThen it writes (see Fig. 3, after J. Elman)."),
	).toEqual([]);
	expect(crowdedLines("**1. Bits.**\n## 2. Size")).toEqual([]);
	expect(crowdedLines("1. Take `x. Y`, or $a. B$, as Cho et al. Did.")).toEqual(
		[],
	);
	expect(crowdedLines("```ts\na. B\n```\n| One. Two. |")).toEqual([]);
});

/** As Jupyter writes a notebook: keys in order, one space a level. */
function asJupyterWrites(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(asJupyterWrites);
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(
		entries.map(([key, one]) => [key, asJupyterWrites(one)]),
	);
}

describe.each(notebooks)("%s", (lesson) => {
	const file = committed(lesson);
	const { cells, metadata, nbformat, nbformat_minor }: Notebook =
		JSON.parse(file);
	const code = cells.filter((cell) => cell.cell_type === "code");
	const markdown = cells.filter((cell) => cell.cell_type === "markdown");

	test("opens with the kernel `unrolled`", () => {
		expect(metadata.kernelspec).toEqual({
			display_name: "TypeScript (Unrolled)",
			language: "typescript",
			name: "unrolled",
		});
	});

	test("is committed without outputs and execution counts", () => {
		for (const { outputs, execution_count, source } of code) {
			expect(outputs, text(source)).toEqual([]);
			expect(execution_count, text(source)).toBeNull();
		}
	});

	test("is written as Jupyter writes it, so that saving it changes only what was changed", () => {
		expect([nbformat, nbformat_minor]).toEqual([4, 5]);
		expect(new Set(cells.map((cell) => cell.id)).size).toBe(cells.length);
		expect(cells.filter((cell) => !Array.isArray(cell.source))).toEqual([]);
		const whole = JSON.stringify(asJupyterWrites(JSON.parse(file)), null, 1);
		expect(file.trimEnd() === whole, "write it with nbformat").toBe(true);
	});

	test("has one sentence a line", () => {
		expect(markdown.flatMap((cell) => crowdedLines(text(cell.source)))).toEqual(
			[],
		);
	});

	test("imports by the names of packages", () => {
		const all = code.map((cell) => text(cell.source)).join("\n");
		expect(
			all.match(/(?:from|import|require)\s*\(?\s*["'][./][^"']*["']/g),
		).toBeNull();
	});
});
