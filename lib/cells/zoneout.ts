import { add, mul } from "../ops/elementwise.ts";
import { where } from "../ops/select.ts";
import { Tensor } from "../tensor.ts";
import {
	type Cell,
	type CellState,
	pass,
	prepared,
	type Weights,
} from "./cell.ts";
import { bernoulli, expectProbability, maskSource } from "./masks.ts";

/** How often the units of a state stay as they are: a rate, or for a state of several parts one for each, by name. */
export type ZoneoutRates = number | Readonly<Record<string, number>>;

/**
 * A cell whose units now and then stay as they are (Krueger et al. 2017, arXiv:1606.01305).
 *
 *   c′ ← mc ⊙ c + (1 − mc) ⊙ c′      each mask is 1 with its rate       [B, H]
 *   h′ ← mh ⊙ h + (1 − mh) ⊙ h′      h′ is that of the new memory before it was mixed
 *
 * Masked: parts of the state, `zoneout(lstm(…), { c: 0.5, h: 0.05 })` or `zoneout(gru(…), 0.1)`. A mask lives for one step; nothing is
 * rescaled. Evaluation puts the rate where the mask stood: c′ ← rate · c + (1 − rate) · c′.
 * @throws when a rate is not from 0 up to 1, a part is not in the state, or when training without `random`.
 */
export function zoneout<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
	rates: ZoneoutRates,
): Cell<S, W> {
	const start = cell.start(0);
	const parts = start instanceof Tensor ? [] : Object.keys(start);
	if (typeof rates === "number" ? parts.length > 0 : parts.length === 0)
		throw new Error(
			`zoneout: the state of ${cell.name} wants ${parts.length > 0 ? `rates by name, of ${parts.join(", ")}` : "one rate"}`,
		);
	for (const [name, rate] of Object.entries(
		typeof rates === "number" ? { h: rates } : rates,
	)) {
		expectProbability("zoneout", rate);
		if (parts.length > 0 && !parts.includes(name))
			throw new Error(
				`zoneout: the state of ${cell.name} has ${parts.join(", ")}, not ${name}`,
			);
	}
	type Mix = (rate: number, old: Tensor, fresh: Tensor) => Tensor;
	const evaluation: Mix = (rate, old, fresh) =>
		add(mul(rate, old), mul(1 - rate, fresh));

	const zoned = (inner: Cell<S, W>, mix: Mix): Cell<S, W> => ({
		...inner,
		fused: undefined,
		step(x, state, tap = pass, w = inner.weights) {
			const names = new Map<Tensor, string>();
			const next = inner.step(
				x,
				state,
				(name, value) => {
					const seen = tap(name, value);
					names.set(seen, name);
					return seen;
				},
				w,
			);
			let { output } = next;
			const part = (rate: number, old: Tensor, fresh: Tensor): Tensor => {
				const mixed = mix(rate, old, fresh);
				if (fresh === next.output) output = mixed;
				return tap(names.get(fresh) ?? "h", mixed);
			};
			if (typeof rates === "number") {
				const mixed = part(rates, state as Tensor, next.state as Tensor);
				return { output, state: mixed as S };
			}
			const old = state as Readonly<Record<string, Tensor>>;
			const mixed = Object.entries(next.state).map(([name, fresh]) => [
				name,
				name in rates ? part(rates[name], old[name], fresh) : fresh,
			]);
			return { output, state: Object.fromEntries(mixed) };
		},
	});
	return {
		...zoned(cell, evaluation),
		prepare(run) {
			const random = maskSource("zoneout", run);
			const masked: Mix = (rate, old, fresh) =>
				where(
					bernoulli(
						fresh.shape,
						rate,
						random as NonNullable<typeof random>,
						run.dtype,
					),
					old,
					fresh,
				);
			return zoned(prepared(cell, run), random ? masked : evaluation);
		},
	};
}
