import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { inVenv, lessons, type Notebook, text } from "./notebooks.ts";

const limit = 600; // seconds for one cell, by which only a cell that hangs is meant
const folder = join(project, "test/report/lessons");

beforeAll(() => {
	mkdirSync(folder, { recursive: true });
});

test("there are lessons", () => {
	expect(lessons).not.toEqual([]);
});

test.each(lessons)(
	"%s runs from top to bottom through the kernel",
	async (lesson) => {
		const { code, output } = await inVenv("jupyter", [
			"execute",
			`--timeout=${limit}`,
			`--output=../test/report/lessons/${lesson}`,
			join(project, "notebooks", lesson),
		]);
		// nbclient prints the cell that failed and its error.
		if (code !== 0) throw new Error(`${lesson} failed:\n${output}`);
		const executed: Notebook = JSON.parse(
			readFileSync(join(folder, lesson), "utf8"),
		);
		const cells = executed.cells.filter(
			(cell) => cell.cell_type === "code" && text(cell.source).trim() !== "",
		);
		for (const { execution_count, outputs, source } of cells) {
			expect(execution_count, text(source)).toBeGreaterThan(0);
			const complaints = outputs?.filter(
				(one) => one.output_type === "error" || one.name === "stderr",
			);
			expect(complaints, text(source)).toEqual([]);
		}
	},
	1000 * (limit + 60),
);

test("the network of lesson 00 is judged below 2.4 nats a character, where a unigram model is near 2.9", () => {
	const { cells }: Notebook = JSON.parse(
		readFileSync(join(folder, "00-welcome.ipynb"), "utf8"),
	);
	const printed = cells
		.flatMap((cell) => cell.outputs ?? [])
		.map((output) => text(output.text ?? ""))
		.join("");
	const found = /validation loss ([\d.]+) .*unigram ([\d.]+)/.exec(printed);
	const [network, unigram] = [Number(found?.[1]), Number(found?.[2])];
	expect(network).toBeLessThan(2.4);
	expect(unigram).toBeGreaterThan(2.7);
	expect(unigram).toBeLessThan(3.1);
});
