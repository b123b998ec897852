import { expectValue } from "../expect/expect.ts";
import { aCell, rate as rateRule } from "../expect/rules.ts";
import { bernoulli, maskSource } from "../masks.ts";
import { add, mul } from "../ops/elementwise.ts";
import { where } from "../ops/select.ts";
import { Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import { type Cell, type CellState, pass, prepared, type Tap } from "./cell.ts";
import { parts } from "./state.ts";

/** How often the units of a state stay as they are: a rate, or for a state of several parts one for each, by name. */
export type ZoneoutRates = number | Readonly<Record<string, number>>;

/**
 * A cell whose units now and then stay as they are (Krueger et al. 2017, arXiv:1606.01305).
 *
 * ```text
 * c′ ← mc ⊙ c + (1 − mc) ⊙ c′      each mask is 1 with its rate       [B, H]
 * h′ ← mh ⊙ h + (1 − mh) ⊙ h′      h′ is that of the new memory before it was mixed
 * ```
 *
 * Masked: parts of the state, `zoneout(lstm(…), { c: 0.5, h: 0.05 })` or `zoneout(gru(…), 0.1)`. A mask lives for one step; nothing is
 * rescaled. The output follows h′; in a cell whose output is no part of its state (`sru`, `qrnn` but with f-pooling) it is made of the new
 * memory before it was mixed. Evaluation puts the rate where the mask stood: c′ ← rate · c + (1 − rate) · c′.
 * @throws when a rate is not from 0 up to 1, none is given, a part is not in the state, the cell is one whose outputs `gal` masks, or when
 * training without `random`.
 */
export function zoneout<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
	rates: ZoneoutRates,
): Cell<S, W> {
	expectValue("zoneout", "the cell", cell, aCell);
	const known = Object.keys(parts(cell, cell.start(0)));
	if (
		typeof rates !== "number" &&
		(typeof rates !== "object" || rates === null)
	)
		expectValue("zoneout", "the rate", rates, rateRule);
	const rateOf =
		typeof rates === "number" ? { [known[0]]: rates } : { ...rates };
	if (cell.traits?.masksOutput)
		throw new Error(
			"zoneout: gal masks the outputs, which comes after; wanted gal(zoneout(…), …)",
		);
	if (Object.keys(rateOf).length === 0)
		throw new Error(
			`zoneout: wanted a rate for at least one of ${known.join(", ")}`,
		);
	if (typeof rates === "number" && known.length > 1)
		throw new Error(
			`zoneout: the state of ${cell.name} wants rates by name, of ${known.join(", ")}`,
		);
	for (const [name, rate] of Object.entries(rateOf)) {
		expectValue("zoneout", `the rate of ${name}`, rate, rateRule);
		if (!known.includes(name))
			throw new Error(
				`zoneout: the state of ${cell.name} has ${known.join(", ")}, not ${name}`,
			);
	}
	const zoned = (inner: Cell<S, W>, mix: Mix): Cell<S, W> => ({
		...inner,
		step(x, state, tap = pass, w = inner.weights) {
			const names = new Map<Tensor, string>();
			const look: Tap = (name, value) => {
				const seen = tap(name, value);
				names.set(seen, name);
				return seen;
			};
			const next = inner.step(x, state, look, w);
			const [old, fresh] = [parts(cell, state), parts(cell, next.state)];
			const mixed = { ...fresh };
			for (const [name, rate] of Object.entries(rateOf))
				mixed[name] = tap(
					names.get(fresh[name]) ?? name,
					mix(rate, old[name], fresh[name]),
				);
			const shown = known.find((name) => fresh[name] === next.output);
			return {
				output: shown ? mixed[shown] : next.output,
				state: (next.state instanceof Tensor ? mixed[known[0]] : mixed) as S,
			};
		},
	});
	return {
		...zoned(cell, expectation),
		prepare(run) {
			const random = maskSource("zoneout", run);
			const inner = prepared(cell, run);
			if (!random) return zoned(inner, expectation);
			return zoned(inner, (rate, old, fresh) =>
				where(bernoulli(fresh.shape, rate, random, run.dtype), old, fresh),
			);
		},
	};
}

type Mix = (rate: number, old: Tensor, fresh: Tensor) => Tensor;

const expectation: Mix = (rate, old, fresh) =>
	add(mul(rate, old), mul(1 - rate, fresh));
