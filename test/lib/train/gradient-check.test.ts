import { add, checkGradients, log, mul, square, sum, tensor } from "unrolled";
import { expect, test } from "vitest";

const weight = (...values: number[]) =>
	tensor(values, { dtype: "float64", requiresGrad: true });

test("half of a gradient that is lost is an error of a half, of a small one as well", () => {
	const w = weight(1);
	for (const factor of [1, 0.005]) {
		const loss = () =>
			mul(factor, add(sum(square(w)), sum(square(w.detach()))));
		expect(checkGradients(loss, [w])).toBeCloseTo(1 / 2, 6);
	}
});

test("a gradient that is missing is an error of 1", () => {
	const [w, other] = [weight(1), weight(1)];
	const loss = () => add(sum(other), sum(square(w.detach())));
	expect(checkGradients(loss, [w])).toBeCloseTo(1, 6);
});

test("what is not a number is an error", () => {
	const w = weight(0.0005, 1); // the differences reach below 0 at the first number alone
	expect(checkGradients(() => sum(log(w)), [w])).toBe(NaN);
});
