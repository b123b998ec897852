import {
	add,
	type Cell,
	chain,
	dense,
	elman,
	graph,
	gru,
	mul,
	random,
	split,
	sub,
	sum,
	type Tensor,
	tanh,
	tensor,
	unroll,
	zeros,
} from "unrolled";
import { expect, test } from "vitest";

test("a graph holds every tensor once, and an edge for each use", () => {
	const w = tensor([2, 3], { requiresGrad: true });
	const x = tensor([1, 1]);
	const y = mul(w, x);
	const loss = sum(add(y, y));
	const { nodes, edges } = graph(loss, { w, x, loss });
	expect(nodes).toEqual([
		{ id: 0, kind: "weight", name: "w", shape: [2] },
		{ id: 1, kind: "data", name: "x", shape: [2] },
		{ id: 2, kind: "operation", operation: "mul", name: undefined, shape: [2] },
		{ id: 3, kind: "operation", operation: "add", name: undefined, shape: [2] },
		{ id: 4, kind: "operation", operation: "sum", name: "loss", shape: [] },
	]);
	expect(edges).toEqual([
		{ from: 0, to: 2 },
		{ from: 1, to: 2 },
		{ from: 2, to: 3 },
		{ from: 2, to: 3 },
		{ from: 3, to: 4 },
	]);
});

test("what nothing made is a graph of one node", () => {
	expect(graph(tensor([1, 2])).nodes).toEqual([
		{ id: 0, kind: "data", name: undefined, shape: [2] },
	]);
});

/** The graph of one step of a cell, in the letters of its equations. */
function stepGraph(cell: Cell): string {
	const x = tensor([[1]]);
	const seen: Record<string, Tensor> = {};
	const { output } = cell.step(x, cell.start(1), (name, value) => {
		seen[name] = value;
		return value;
	});
	return String(graph(output, { x, ...cell.weights, ...seen }));
}

test("the graph of a step reads as its equations, in their letters", () => {
	const sizes = { inputs: 1, hidden: 1, random: random(1) };
	expect(stepGraph(elman(sizes))).toBe(`\
#2 [1, 1] = matmul(x, W)
#5 [1, 1] = matmul(past, U)
#6 [1, 1] = add(#2, #5)
#8 [1, 1] = add(#6, b)
h [1, 1] = tanh(#8)`);
	const lines = stepGraph(gru(sizes));
	expect(lines).toMatch(/^r \[1, 1\] = sigmoid\(#\d+\)$/m);
	expect(lines).toMatch(/^#\d+ \[1, 1\] = mul\(r, past\)$/m);
	expect(lines).toMatch(/^#\d+ \[1, 1\] = sub\(1, z\)$/m);
});

test("the graph of a layer names each step of its internals", () => {
	const shared = { inputs: 1, random: random(1) };
	const net = chain(
		unroll(elman({ ...shared, hidden: 1 })),
		dense({ ...shared, outputs: 1 }),
	);
	const { outputs, internals } = net.run(zeros([2, 1, 1]), { inspect: true });
	const lines = String(graph(sum(outputs), { ...net.weights, ...internals }));
	expect(lines).toMatch(/^0\.h₁ \[1, 1\] = tanh\(#\d+\)$/m);
	expect(lines).toMatch(/^#\d+ \[1, 1\] = matmul\(0\.h₁, 0\.U\)$/m);
	expect(lines).toMatch(/^0\.h₂ \[1, 1\] = tanh\(#\d+\)$/m);
});

test("a notebook draws a graph that can be read, and writes out one that cannot", () => {
	const display = (t: Tensor, named = {}) =>
		(graph(t, named) as unknown as Record<symbol, () => object>)[
			Symbol.for("Jupyter.display")
		]();
	const w = tensor([2, 3], { requiresGrad: true });
	const loss = sum(mul(w, 5));
	expect(display(loss, { 'the "w"': w })).toEqual({
		"text/vnd.mermaid": `\
flowchart TD
n0(["the #quot;w#quot; [2]"])
n1[/"5"/]
n2["mul [2]"]
n3["sum"]
n0 --> n2
n1 --> n2
n2 --> n3`,
		"text/plain": `\
#2 [2] = mul(the "w", 5)
#3 [] = sum(#2)`,
	});
	let y = w;
	for (let t = 0; t < 300; t++) y = tanh(y);
	expect(Object.keys(display(y))).toEqual(["text/plain"]);
});

test("an operation with two results has a node for each that is used", () => {
	const w = tensor([1, 2, 3], { requiresGrad: true });
	const [a, b] = split(w, [1, 2]);
	const { nodes } = graph(sum(sub(b, a)));
	expect(nodes.map(({ operation, shape }) => [operation, ...shape])).toEqual([
		[undefined, 3],
		["split", 2],
		["split", 1],
		["sub", 2],
		["sum"],
	]);
});

test("a long sequence has a graph as well", () => {
	let y = tensor([1], { requiresGrad: true });
	for (let t = 0; t < 50_000; t++) y = tanh(y);
	expect(graph(y).nodes).toHaveLength(50_001);
});

test("after backward there is no graph left, and it says so", () => {
	const loss = sum(tanh(tensor([1], { requiresGrad: true })));
	loss.backward();
	expect(() => graph(loss)).toThrow(
		'graph: the record of "sum" was freed by backward(); ask for the graph before it',
	);
});
