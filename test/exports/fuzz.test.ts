import { inspect } from "node:util";
import {
	chain,
	dense,
	elman,
	fit,
	ones,
	random,
	sgd,
	sum,
	unroll,
} from "unrolled";
import { expect, test } from "vitest";
import { type Kind, wrongs } from "./kinds.ts";
import { expectOwn, outcome } from "./outcome.ts";
import { rows } from "./table.ts";

const calls = 4000;
const source = random(11);
const one = <T>(items: readonly T[]): T => items[source.integer(items.length)];

/** Values that no argument takes, made of those that are wrong nearly everywhere: lists of them, and objects. */
function odd(depth = 0): unknown {
	const [, value] = one(wrongs);
	if (depth === 3 || source.uniform() < 0.5) return value;
	const parts = Array.from({ length: 1 + source.integer(3) }, () =>
		odd(depth + 1),
	);
	return source.uniform() < 0.5 ? parts : { a: parts[0], lr: parts.at(-1) };
}

/** An argument with something wrong in it; undefined where nothing was found. */
function spoilt(kind: Kind): { value: unknown } | undefined {
	if (kind.options && source.uniform() < 0.7) {
		const names = Object.keys(kind.options);
		if (names.length === 0) return undefined;
		const name = one(names);
		const inner = spoilt(kind.options[name]);
		return (
			inner && { value: { ...(kind.good() as object), [name]: inner.value } }
		);
	}
	for (let tries = 0; tries < 8; tries++) {
		const value = odd();
		if (!kind.accepts(value) && !mayFit(value)) return { value };
	}
	return undefined;
}

/** Nested numbers, tensors, parts with weights and empty things may be right where the kinds know only lists and names. */
function mayFit(value: unknown, depth = 0): boolean {
	if (typeof value === "number" || typeof value === "bigint") return true;
	if (value === undefined) return depth > 0; // a state may hold none
	if (typeof value !== "object" || value === null || depth > 6) return false;
	if (ArrayBuffer.isView(value) || "weights" in value || "madeBy" in value)
		return true;
	return Object.values(value).every((item) => mayFit(item, depth + 1));
}

/** The loss of a small network after two steps: the same, whatever was called before. */
async function trained(): Promise<number> {
	const net = chain(
		unroll(elman({ inputs: 2, hidden: 3, random: random(1) })),
		dense({ inputs: 3, outputs: 1, random: random(2) }),
	);
	const loss = () => sum(net.apply(ones([2, 1, 2])));
	const optimiser = sgd({ rate: 0.1 });
	return (await fit(loss, { weights: net, optimiser, steps: 3 })).loss;
}

test(`${calls} calls with wrong arguments are refused in words, at once, and leave the library usable`, async () => {
	const before = await trained();
	let tried = 0;
	for (let i = 0; i < calls; i++) {
		const row = one(rows);
		if (row.kinds.length === 0) continue;
		const given = row.kinds.map(({ good }) => good());
		const at = source.integer(given.length);
		const wrong = spoilt(row.kinds[at]);
		if (!wrong) continue;
		given[at] = wrong.value;
		// more than one may be wrong
		for (const [other, kind] of row.kinds.entries())
			if (other !== at && source.uniform() < 0.2)
				given[other] = spoilt(kind)?.value ?? given[other];
		tried++;
		const start = process.cpuUsage(); // not the clock on the wall: the machine may be busy
		const { error } = await outcome(row.call, given);
		const place = `call ${i}, ${row.name}, argument ${at}, ${inspect(given, { depth: 3, breakLength: Infinity }).slice(0, 300)}`;
		expect(process.cpuUsage(start).user, place).toBeLessThan(1e6);
		expect(error, place).toBeDefined();
		expectOwn(error, place);
	}
	expect(tried).toBeGreaterThan(calls / 2);
	expect(await trained()).toBe(before);
});
