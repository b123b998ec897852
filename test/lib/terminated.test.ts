import { runInThisContext } from "node:vm";
import {
	checkGradients,
	copyWeights,
	elman,
	mul,
	noGrad,
	ones,
	random,
	square,
	sum,
	type Tensor,
	tensor,
	unroll,
	zeroGrad,
} from "unrolled";
import { expect, test } from "vitest";
import { Caller, distinctCalls, scope } from "../../lib/scope.ts";

/** What test/kernel/terminations.test.ts shows through a kernel, here by a script that V8 terminates: no `finally` runs either. */
interface Host {
	repairs: Set<() => void>;
	work?: number;
}
const place = globalThis as Record<symbol, Host> & {
	work?: () => void;
};
function terminate(work: () => void): void {
	place.work = work;
	expect(() => runInThisContext("globalThis.work()", { timeout: 50 })).toThrow(
		"timed out",
	);
	delete place.work;
}
const repair = () => {
	for (const each of place[Symbol.for("unrolled.termination")].repairs) each();
};
const forEver = () => {
	for (;;);
};
const w = tensor([1, 2], { dtype: "float64", requiresGrad: true });
const loss = () => sum(square(w));
const recording = () => mul(w, 2).requiresGrad;

test("gradients are on again after noGrad was terminated, however deep it was nested", () => {
	terminate(() => noGrad(() => noGrad(forEver)));
	expect(recording()).toBe(false); // this is what there is to repair
	repair();
	expect(recording()).toBe(true);
	repair(); // harmless
	expect(noGrad(recording)).toBe(false);
	expect(recording()).toBe(true);
});

test("checkGradients gives numbers and gradients back when its loss throws or is terminated", () => {
	const cell = elman({
		inputs: 1,
		hidden: 2,
		random: random(1),
		dtype: "float64",
	});
	const x = ones([2, 1, 1], { dtype: "float64" });
	const kept = copyWeights(cell);
	const later = (stop: () => never) => {
		let asked = 0;
		return () => {
			if (asked++ === 5) stop();
			return sum(unroll(cell).apply(x));
		};
	};
	const whole = () => {
		for (const [name, weight] of Object.entries<Tensor>(cell.weights)) {
			expect(weight.toArray()).toEqual(kept[name].toArray());
			expect(weight.grad).toBe(null);
		}
	};
	expect(() =>
		checkGradients(
			later(() => {
				throw new Error("no loss");
			}),
			[cell.weights.W],
		),
	).toThrow("no loss");
	whole();
	terminate(() => checkGradients(later(forEver as () => never), cell));
	expect(copyWeights(cell)).not.toEqual(kept);
	repair();
	whole();
	expect(recording()).toBe(true);
});

test("checkGradients leaves no gradients at weights that it does not check", () => {
	const other = tensor([3, 4], { dtype: "float64", requiresGrad: true });
	checkGradients(() => sum(mul(w, other)), [w]);
	expect([w.grad, other.grad]).toEqual([null, null]);
	loss().backward();
	expect(w.grad?.toArray()).toEqual([2, 4]);
	w.grad = null;
});

test("what is drawn after a terminated call is no part of that call", () => {
	const caller = new Caller("lost", {});
	const asked = () => caller.call("input", () => scope()?.input);
	terminate(() => distinctCalls(() => caller.call("input", forEver)));
	repair();
	expect(scope()).toBe(null);
	expect(asked()).toBe(undefined);
	expect(distinctCalls(asked)).toBe("input");
});

test("a backward pass adds to no gradient that an interrupted cell left, and to those of others", () => {
	const host = place[Symbol.for("unrolled.termination")];
	const left = (cell: number, interrupted: boolean) => {
		host.work = cell;
		loss().backward();
		if (interrupted) repair();
		host.work = 0;
		return w.grad?.toArray();
	};
	zeroGrad(w);
	expect(left(1, false)).toEqual([2, 4]);
	repair(); // nothing ran
	expect(left(2, true)).toEqual([4, 8]); // there to look at
	expect(left(3, false)).toEqual([2, 4]);
	expect(left(4, false)).toEqual([4, 8]);
	zeroGrad(w);
	delete host.work;
});
