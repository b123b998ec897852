import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
	type Cell,
	cellGraph,
	deepTransition,
	elman,
	gru,
	jordan,
	lstm,
	lstm1997,
	peephole,
	qrnn,
	random,
	rhn,
	sru,
	tensor,
} from "unrolled";
import { cellDiagram } from "unrolled/plot";
import { describe, expect, test } from "vitest";
import { project } from "../../../.setup/places.mjs";
import { overlaps, svgOf } from "./svg.ts";

const sizes = { inputs: 3, hidden: 5, random: random(4) };
const x = tensor([[0.9, -0.4, 0.2]]);
const cells = {
	elman: elman(sizes),
	jordan: jordan({ ...sizes, outputs: 2 }),
	lstm: lstm(sizes),
	lstm1997: lstm1997(sizes),
	peephole: peephole(sizes),
	gru: gru(sizes),
	"gru, reset after": gru({ ...sizes, reset: "after" }),
	rhn: rhn({ ...sizes, depth: 2 }),
	sru: sru(sizes),
	qrnn: qrnn(sizes),
	"deep transition": deepTransition({ ...sizes, depth: 2 }),
} as Record<string, Cell>;

const equationsOf = async (cell: Cell) => {
	const { bundle } = await svgOf(cellDiagram(cellGraph(cell, x)));
	return (bundle["text/plain"] as string)
		.split("\n")
		.filter((line) => line.includes(" = ") && !line.includes("["))
		.map((line) => line.trim());
};

/** The equations in the comment above a cell, without what they mean. */
const commented = (file: string) =>
	[
		...readFileSync(join(project, `lib/cells/${file}.ts`), "utf8").matchAll(
			/^ \* (\S+) += (.*?)(?: {3,}.*)?$/gm,
		),
	].map(([, name, right]) => `${name} = ${right}`);

/** In one form: what is added may stand in any order. */
const sorted = (equation: string) =>
	equation.replace(
		/\(([^()]*)\)/g,
		(_, inside: string) => `(${inside.split(" + ").sort().join(" + ")})`,
	);

test.each(["lstm", "lstm1997"])(
	"the diagram of %s has the equations of its comment",
	async (name) => {
		const drawn = (await equationsOf(cells[name])).map(sorted);
		expect(drawn.sort()).toEqual(commented(name).map(sorted).sort());
	},
);

test("the diagrams of other cells have the equations that they compute", async () => {
	expect(await equationsOf(cells.elman)).toEqual(["h′ = tanh(x·W + h·U + b)"]);
	expect(await equationsOf(cells.jordan)).toEqual([
		"h = σ(x·W + s·U + b)",
		"y = σ(h·V + c)",
		"s′ = 0.5 s + y",
	]);
	expect(await equationsOf(cells.gru)).toEqual([
		"r = σ(x·Wr + h·Ur + br)",
		"z = σ(x·Wz + h·Uz + bz)",
		"h̃ = tanh(x·W + (r ⊙ h)·U + b)",
		"h′ = z ⊙ h + (1 − z) ⊙ h̃",
	]);
	expect(await equationsOf(cells["gru, reset after"])).toContain(
		"h̃ = tanh(x·W + b + r ⊙ (h·U + c))",
	);
	expect(await equationsOf(cells.sru)).toEqual([
		"h̃ = x·W",
		"f = σ(x·Wf + bf + vf ⊙ c)",
		"c′ = f ⊙ c + (1 − f) ⊙ h̃",
		"r = σ(x·Wr + vr ⊙ c + br)",
		"h′ = r ⊙ c′ + (1 − r) ⊙ x·Wx",
	]);
	expect(await equationsOf(cells["deep transition"])).toEqual([
		"a1 = tanh(h·U1 + b1 + x·W)",
		"h′ = tanh(a1·U2 + b2)",
	]);
});

describe.each(Object.entries(cells))("%s", (_, cell) => {
	test("its boxes do not lie on one another, and its gates and states are there by name", async () => {
		const graph = cellGraph(cell, x);
		const { boxes, texts } = await svgOf(cellDiagram(graph));
		expect(overlaps(boxes)).toEqual([]);
		const wanted = graph.nodes.filter(
			({ id, name, kind }) =>
				(kind === "operation" && name) || graph.inputs.includes(id),
		);
		const written = texts.map((text) => text.replace(/ = .*$/, ""));
		for (const { name } of wanted)
			expect(written).toContain(name === "candidate" ? "h̃" : name);
	});

	test("the numbers in it are those of the step", () => {
		const state = cell.start(1);
		const { nodes, results } = cellGraph(cell, x, state);
		const [output] = results;
		expect(nodes[output].values).toEqual(cell.step(x, state).output.data);
	});
});

test("a weight is a letter on a line, and numbers are squares", async () => {
	const { svg, texts } = await svgOf(cellDiagram(cellGraph(cells.elman, x)));
	for (const letter of ["W", "U"]) expect(texts).toContain(letter);
	expect(svg.match(/stroke="#8b949e"/g)).toHaveLength(3 + 5 + 5); // x, h and h′
	const without = await svgOf(
		cellDiagram(cellGraph(cells.elman, x), { values: false }),
	);
	expect(without.svg).not.toContain("#8b949e");
});
