import {
	add,
	elman,
	graph,
	matmul,
	meanSquaredError,
	mul,
	random,
	sum,
	tanh,
	tensor,
	zeros,
} from "unrolled";
import { graphDiagram, jupyterDisplay } from "unrolled/plot";
import { expect, test } from "vitest";
import { svgOf } from "./svg.ts";

/** The loss of two steps of Elman's net with one unit, and the letters of what is in it. */
function twoSteps() {
	const { W, U, b } = elman({
		inputs: 1,
		hidden: 1,
		random: random(1),
	}).weights;
	const [x1, x2, target] = [1, -0.5, 0.5].map((x) => tensor([[x]]));
	const h0 = zeros([1, 1]);
	const step = (x: typeof x1, h: typeof x1) =>
		tanh(add(matmul(x, W), matmul(h, U), b));
	const h1 = step(x1, h0);
	const h2 = step(x2, h1);
	const loss = meanSquaredError(h2, target);
	return { loss, named: { x1, x2, h0, h1, h2, W, U, b, target, loss } };
}

test("a graph that goes back holds the gradients that training sees", () => {
	const { loss, named } = twoSteps();
	const { nodes } = graph(loss, named, { values: true, gradients: true });
	const node = (name: string) => nodes.find((node) => node.name === name);
	for (const name of ["W", "U", "b"] as const)
		expect(Array.from(node(name)?.gradient ?? [])).toEqual([
			named[name].grad?.item(),
		]);
	expect(Array.from(node("loss")?.gradient ?? [])).toEqual([1]);
	// ∂loss/∂h₂ = 2 (h₂ − target)
	expect(node("h2")?.gradient?.[0]).toBeCloseTo(2 * (named.h2.item() - 0.5), 6);
	expect(node("h2")?.values?.[0]).toBe(named.h2.item());
	expect(node("x1")?.gradient).toBeUndefined();
});

test("a loss and its way back are drawn as SVG, as PNG and in words", async () => {
	const { loss, named } = twoSteps();
	const picture = graphDiagram(
		graph(loss, named, { values: true, gradients: true }),
		{ title: "Two ways back & one weight" },
	);
	const bundle = await picture[jupyterDisplay]();
	expect(Object.keys(bundle)).toEqual([
		"image/svg+xml",
		"image/png",
		"text/plain",
	]);
	const svg = bundle["image/svg+xml"] as string;
	expect(svg).toContain("Two ways back &amp; one weight");
	expect(svg.match(/stroke-dasharray/g)).toHaveLength(14); // no gradient goes to x₁, x₂, h₀ and the target
	expect(bundle["text/plain"]).toMatch(
		/^Two ways back & one weight\n[\s\S]*loss {2}= meanSquaredError\(h2, target\); value 0\.\d+, gradient 1$/,
	);
});

test("on the lines of a graph stand shapes, and lone numbers stand in their operations", async () => {
	const w = tensor([2, 3], { requiresGrad: true });
	const bundle = await graphDiagram(graph(sum(mul(2, w)), { w }))[
		jupyterDisplay
	]();
	const texts = [
		...(bundle["image/svg+xml"] as string).matchAll(
			/<text[^>]*>(.*?)<\/text>/g,
		),
	].map(([, text]) => text);
	expect(texts.sort()).toEqual(["2 ×", "[2]", "[2]", "w", "Σ"]);
});

test("a sum of several is one node", async () => {
	const [a, b, c] = [1, 2, 3].map((v) => tensor([v], { requiresGrad: true }));
	const bundle = await graphDiagram(graph(add(a, b, c), { a, b, c }))[
		jupyterDisplay
	]();
	expect(bundle["text/plain"]).toBe(
		"Computation graph\n  a [1]\n  b [1]\n  c [1]\n  #4 [1] = add(a, b, c)",
	);
});

test("what runs to the right runs down where it would be wider than a page", async () => {
	const chain = (steps: number) => {
		let y = tensor([1], { requiresGrad: true });
		for (let i = 0; i < steps; i++) y = tanh(y);
		return graphDiagram(graph(y), { direction: "right" });
	};
	const [few, many] = await Promise.all([chain(5), chain(30)].map(svgOf));
	const spread = (places: number[]) =>
		Math.max(...places) - Math.min(...places);
	const over = ({ boxes }: typeof few) => [
		spread(boxes.map(({ x }) => x)),
		spread(boxes.map(({ y }) => y)),
	];
	expect(over(few)[0]).toBeGreaterThan(over(few)[1]);
	expect(over(many)[0]).toBeLessThan(over(many)[1]);
});

test("a graph that nobody could read is refused", () => {
	let y = tensor([1], { requiresGrad: true });
	for (let i = 0; i < 120; i++) y = tanh(y);
	expect(() => graphDiagram(graph(y))).toThrow(
		"graphDiagram: wanted at most 120 nodes, which can be read, got 121; take fewer steps or a part of the loss",
	);
});
