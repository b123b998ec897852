import { glorotUniform, identity, normal, random } from "unrolled";
import { expect, test } from "vitest";

test("one seed gives one row of numbers, on every machine", () => {
	const source = random(42);
	const numbers = [source.uniform(), source.normal(), source.integer(100)];
	const again = random(42);
	expect([again.uniform(), again.normal(), again.integer(100)]).toEqual(
		numbers,
	);
	expect(numbers).toMatchInlineSnapshot(`
		[
		  0.29131022954605823,
		  -0.7040277333892864,
		  62,
		]
	`);
	expect(random(43).uniform()).not.toBe(numbers[0]);
});

test("uniform and normal numbers have their means and deviations", () => {
	const source = random(1);
	const n = 100_000;
	const u = Array.from({ length: n }, () => source.uniform(-1, 3));
	const z = Array.from({ length: n }, () => source.normal(2, 3));
	const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / n;
	expect(mean(u)).toBeCloseTo(1, 1);
	expect(Math.min(...u)).toBeGreaterThanOrEqual(-1);
	expect(Math.max(...u)).toBeLessThan(3);
	expect(mean(z)).toBeCloseTo(2, 1);
	expect(Math.sqrt(mean(z.map((v) => (v - 2) ** 2)))).toBeCloseTo(3, 1);
});

test("choice follows its weights and never takes a weight of zero", () => {
	const source = random(1);
	const counts = [0, 0, 0];
	for (let i = 0; i < 30_000; i++) counts[source.choice([1, 0, 2])]++;
	expect(counts[1]).toBe(0);
	expect(counts[2] / counts[0]).toBeCloseTo(2, 1);
	source.restore({ words: [0, 0, 0, 0], spare: null }); // of which the next number is 0
	expect(source.choice([0, 1])).toBe(1);
	expect(() => source.choice([0, 0])).toThrow(
		"choice: the weights must have a positive, finite sum, got 0",
	);
	expect(() => random(0.5)).toThrow(
		"random: the seed must be a whole number, got 0.5",
	);
});

test("normal numbers have nothing to do with their neighbours", () => {
	const source = random(1);
	let sum = 0;
	for (let i = 0; i < 20_000; i++) sum += source.normal() * source.normal();
	expect(sum / 20_000).toBeCloseTo(0, 1);
});

test("shuffle leaves the list alone, and every order is as likely as the others", () => {
	const source = random(1);
	const items = ["a", "b", "c"];
	const counts: Record<string, number> = {};
	for (let i = 0; i < 6000; i++) {
		const order = source.shuffle(items).join("");
		counts[order] = (counts[order] ?? 0) + 1;
	}
	expect(items).toEqual(["a", "b", "c"]);
	const orders = Object.keys(counts).toSorted().join(" ");
	expect(orders).toBe("abc acb bac bca cab cba");
	for (const n of Object.values(counts))
		expect(Math.abs(n - 1000)).toBeLessThan(120); // four deviations
});

test("each fork goes its own way", () => {
	const source = random(1);
	const forks = [source.fork(), source.fork()];
	const first = [random(1), source, ...forks].map((s) => s.uniform());
	expect(new Set(first).size).toBe(4);
});

test("initialisers fill as they say", () => {
	const source = random(1);
	expect(identity(2)([2, 2], source).toArray()).toEqual([
		[2, 0],
		[0, 2],
	]);
	const limit = Math.sqrt(6 / 7);
	const w = glorotUniform()([3, 4], source).data;
	expect(w.every((v) => Math.abs(v) <= limit)).toBe(true);
	expect(normal(0)([3], source).toArray()).toEqual([0, 0, 0]);
	expect(() => identity()([2, 3], source)).toThrow(
		"identity: wanted a square matrix, got [2,3]",
	);
});
