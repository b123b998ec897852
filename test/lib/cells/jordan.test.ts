import { jordan, pass, random, teacherForced, unroll } from "unrolled";
import { expect, test } from "vitest";
import { f64, set, sigmoid } from "./by-hand.ts";

const make = { random: random(1), dtype: "float64" } as const;

function handMade() {
	const sizes = { inputs: 1, hidden: 2, outputs: 1 };
	const cell = jordan({ ...make, ...sizes, decay: 0.25 });
	set(cell.weights, {
		W: [0.5, -1],
		U: [2, 0.3],
		b: [0.1, -0.2],
		V: [1.5, -0.7],
		c: 0.4,
	});
	return cell;
}

test("jordan agrees with its equations worked by hand", () => {
	// x = 2, s = 0.6
	const { output, state } = handMade().step(f64([[2]]), f64([[0.6]]));
	const h1 = sigmoid(1 + 1.2 + 0.1);
	const h2 = sigmoid(-2 + 0.18 - 0.2);
	const y = sigmoid(1.5 * h1 - 0.7 * h2 + 0.4);
	expect(output.item()).toBeCloseTo(y, 12);
	expect(state.item()).toBeCloseTo(0.25 * 0.6 + y, 12);
});

test("half of the context stays, unless told", () => {
	const cell = jordan({ ...make, inputs: 1, hidden: 1, outputs: 1 });
	expect(cell.context(f64([[4]]), f64([[1]])).item()).toBe(3);
});

test("under a teacher the context follows the target, and the output is the same", () => {
	const cell = handMade();
	const taught = teacherForced(cell);
	const { output, state } = taught.step(f64([[2, 0.9]]), f64([[0.6]]));
	expect(output.item()).toBe(cell.step(f64([[2]]), f64([[0.6]])).output.item());
	expect(state.item()).toBeCloseTo(0.25 * 0.6 + 0.9, 12);
	expect(taught.weights).toBe(cell.weights);
	expect(() => taught.step(f64([[2]]), f64([[0.6]]))).toThrow(
		"teacherForced: [x; target] must be [B=1, D + K=2], got [1, 1]",
	);
});

test("under a teacher the weights of a step stand in for the cell's own", () => {
	const cell = handMade();
	const { weights } = jordan({ ...make, inputs: 1, hidden: 2, outputs: 1 });
	const s = f64([[0.6]]);
	const taught = teacherForced(cell).step(f64([[2, 0.9]]), s, pass, weights);
	const free = cell.step(f64([[2]]), s, pass, weights);
	expect(taught.output.item()).toBe(free.output.item());
});

test("a teacher who says what the network says changes nothing", () => {
	const cell = handMade();
	const free = unroll(cell).apply(f64([[[1]], [[1]], [[1]]]));
	const [first, second] = free.data;
	const both = f64([[[1, first]], [[1, second]], [[1, 0]]]);
	const taught = unroll(teacherForced(cell)).apply(both);
	expect(taught.toArray()).toEqual(free.toArray());
});

test("a decay outside 0 to 1 is refused", () => {
	const wrong = () =>
		jordan({ inputs: 1, hidden: 1, outputs: 1, decay: 1, random: random(1) });
	expect(wrong).toThrow("jordan: decay must be a number in [0, 1), got 1");
});
