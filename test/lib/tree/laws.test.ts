import {
	checkGradients,
	childSumLstm,
	concat,
	fold,
	mul,
	naryLstm,
	random,
	recursive,
	slice,
	sum,
	type Tensor,
	type Tree,
	type TreeCell,
	tensor,
} from "unrolled";
import { describe, expect, test } from "vitest";

const make = {
	inputs: 3,
	hidden: 4,
	random: random(5),
	dtype: "float64",
} as const;
const cells: [string, TreeCell][] = [
	["recursive", recursive(make)],
	["child-sum Tree-LSTM", childSumLstm(make)],
	["N-ary Tree-LSTM", naryLstm(make)],
	["N-ary Tree-LSTM, three places", naryLstm({ ...make, places: 3 })],
];

const source = random(2);
const numbers = (shape: [number, number]) =>
	tensor(
		Float64Array.from({ length: shape[0] * shape[1] }, () => source.normal()),
		{ shape, requiresGrad: true },
	);
const inputs = numbers([6, 3]);
const weighed = (y: Tensor): Tensor => sum(mul(y, weighing));
const weighing = numbers([1, 4]).detach();

const node = (label: number, ...children: Tree[]): Tree => ({
	label,
	children,
});
/** Three trees of unequal shape, one a single node. */
const first = node(5, node(4, node(0), node(1)), node(2));
const second = node(3);
const third = node(4, { children: [node(0), node(5, node(1))] });
/** A graph whose node `shared` has three parents, and the same with a copy for each. */
const graph = (copied: boolean): Tree => {
	const part = () => node(4, node(0), node(1));
	const once = part();
	const shared = () => (copied ? part() : once);
	return node(5, node(3, shared(), shared()), shared());
};

describe.each(cells)("%s", (name, cell) => {
	const net = fold(cell);
	const loss = (...trees: Tree[]) => weighed(net.apply({ trees, inputs }));
	const leaves = { ...cell.weights, inputs };
	/** All gradients of a loss, by name. */
	const gradients = (from: Tensor) => {
		for (const w of Object.values(leaves)) w.grad = null;
		from.backward();
		return Object.entries(leaves).map(([name, w]) => [
			name,
			Array.from(w.grad?.data ?? []),
		]);
	};

	test("has the gradients of finite differences, over trees of unequal shape", () => {
		expect(
			checkGradients(() => loss(first, second, third), leaves),
		).toBeLessThan(1e-6);
	});

	test("has the gradients of finite differences in a graph with shared nodes", () => {
		expect(checkGradients(() => loss(graph(false)), leaves)).toBeLessThan(1e-6);
	});

	test("a graph with shared nodes is its expanded tree, values and gradients", () => {
		expect(loss(graph(false)).item()).toBeCloseTo(loss(graph(true)).item(), 13);
		const expanded = gradients(loss(graph(true)));
		gradients(loss(graph(false))).forEach(([name, got], i) => {
			(got as number[]).forEach((g, j) => {
				const wanted = (expanded[i][1] as number[])[j];
				expect(g, `${name} ${j}`).toBeCloseTo(wanted, 12);
			});
		});
	});

	test("a shared root of the batch sums its gradients as well", () => {
		const alone = gradients(loss(first));
		gradients(loss(first, first)).forEach(([, got], i) => {
			(got as number[]).forEach((g, j) => {
				expect(g).toBeCloseTo(2 * (alone[i][1] as number[])[j], 12);
			});
		});
	});

	test("a batch of trees is each of them alone, in any order", () => {
		const together = net.apply({ trees: [third, first, second], inputs });
		const alone = [third, first, second].map((tree) =>
			net.apply({ trees: [tree], inputs }),
		);
		expect(together.toArray()).toEqual(concat(alone).toArray());
		const turned = net.apply({ trees: [second, third, first], inputs });
		expect(slice(turned, 0, 1, 2).toArray()).toEqual(alone[0].toArray());
	});

	test("nothing comes of no trees", () => {
		expect(net.apply({ trees: [], inputs }).shape).toEqual([0, 4]);
	});

	test("inspect shows each node's output in the order of the schedule", () => {
		const forest = { trees: [first, third], inputs };
		const { state, internals } = net.run(forest, { inspect: true });
		expect(internals?.h.toArray()).toEqual(state.h.toArray());
		expect(net.run(forest).internals).toBe(undefined);
	});

	test("says what does not fit", () => {
		expect(() =>
			net.apply({ trees: [first], inputs: numbers([6, 2]) }),
		).toThrow(`fold(${cell.name}): inputs must be [V, D=3], got [6, 2]`);
		expect(() => loss(node(6))).toThrow(
			`fold(${cell.name}): label 6 is not one of 0 … 5`,
		);
		const wide = () => loss(node(1, node(0), node(0), node(0), node(0)));
		if (name === "child-sum Tree-LSTM") expect(wide).not.toThrow();
		else
			expect(wide).toThrow(
				`fold(${cell.name}): the node with label 1 has 4 children, wanted at most ${cell.places}`,
			);
	});
});

test("a tree 20,000 levels deep, each with a leaf and inputs of its own, is folded in linear time", {
	timeout: 30_000,
}, () => {
	const cell = recursive({ inputs: 1, hidden: 1, random: random(3) });
	const { W, U, b } = cell.weights;
	for (const depth of [2_000, 20_000]) {
		const own = tensor(
			Float32Array.from({ length: 2 * depth }, (_, i) => Math.sin(i)),
			{ shape: [2 * depth, 1], requiresGrad: true },
		);
		let tree = node(0);
		let h = Math.tanh(W.item() * own.data[0] + b.item());
		for (let i = 1; i < depth; i++) {
			tree = node(2 * i, tree, node(2 * i + 1));
			const leaf = Math.tanh(W.item() * own.data[2 * i + 1] + b.item());
			h = Math.tanh(
				W.item() * own.data[2 * i] +
					U.data[0] * h +
					U.data[1] * leaf +
					b.item(),
			);
		}
		const root = sum(fold(cell).apply({ trees: [tree], inputs: own }));
		root.backward();
		expect(root.item()).toBeCloseTo(h, 5);
		const top = W.item() * (1 - h * h);
		expect(own.grad?.data[2 * (depth - 1)]).toBeCloseTo(top, 5);
	}
});

test("child-sum does not mind the order of children, the recursive network does", () => {
	const turn = (cell: TreeCell) =>
		[node(5, node(0), node(1)), node(5, node(1), node(0))].map((tree) =>
			fold(cell)
				.apply({ trees: [tree], inputs })
				.toArray(),
		);
	const [sumA, sumB] = turn(cells[1][1]);
	expect(sumA).toEqual(sumB);
	const [a, b] = turn(cells[0][1]);
	expect(a).not.toEqual(b);
});
