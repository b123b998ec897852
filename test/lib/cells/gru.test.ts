import { type GruOptions, gru, random, tensor } from "unrolled";
import { expect, test } from "vitest";

const f64 = { dtype: "float64" } as const;
const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));

function handMade(reset: GruOptions["reset"]) {
	const cell = gru({ inputs: 1, hidden: 1, reset, random: random(1), ...f64 });
	const set = (gate: string, W: number, U: number, b: number) => {
		cell.weights[`W${gate}`].data[0] = W;
		cell.weights[`U${gate}`].data[0] = U;
		cell.weights[`b${gate}`].data[0] = b;
	};
	set("r", 0.5, 1, 0.1);
	set("z", -1, 2, 0.2);
	set("", 1, -0.5, 0.3);
	return cell;
}
// x = 2, h = 0.4
const r = sigmoid(1 + 0.4 + 0.1);
const z = sigmoid(-2 + 0.8 + 0.2);
const x = tensor([[2]], f64);
const h = tensor([[0.4]], f64);

test("gru agrees with its equations worked by hand, reset before the product", () => {
	const candidate = Math.tanh(2 + r * 0.4 * -0.5 + 0.3);
	const { output } = handMade("before").step(x, h);
	expect(output.item()).toBeCloseTo(z * 0.4 + (1 - z) * candidate, 12);
});

test("gru agrees with its equations worked by hand, reset after the product", () => {
	const cell = handMade("after");
	cell.weights.c.data[0] = 0.7;
	const candidate = Math.tanh(2 + 0.3 + r * (0.4 * -0.5 + 0.7));
	expect(cell.step(x, h).output.item()).toBeCloseTo(
		z * 0.4 + (1 - z) * candidate,
		12,
	);
});

test("with c = 0 and a diagonal U both are the same network", () => {
	const before = gru({ inputs: 3, hidden: 2, random: random(7), ...f64 });
	const after = gru({
		inputs: 3,
		hidden: 2,
		reset: "after",
		random: random(8),
		...f64,
	});
	before.weights.U.data.set([0.5, 0, 0, -0.8]);
	for (const [name, w] of Object.entries(before.weights))
		after.weights[name].data.set(w.data);
	const xs = tensor([[1, -2, 0.5]], f64);
	const hs = tensor([[0.3, -0.9]], f64);
	const [a] = before.step(xs, hs).output.toArray() as number[][];
	const [b] = after.step(xs, hs).output.toArray() as number[][];
	a.forEach((v, i) => {
		expect(b[i]).toBeCloseTo(v, 12);
	});
});
