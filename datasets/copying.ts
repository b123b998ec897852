import type { Random } from "unrolled";
import { expectOptions, optional, size, source, whole } from "unrolled/expect";

const rules = {
	delay: size,
	batch: size,
	items: optional(size),
	symbols: optional(whole(2)),
	random: source,
};

/**
 * Copy memory: keep a few symbols over a long silence and then say them in order.
 *
 * inputs [T, B] and targets [T, B] are ids, T = 2·items + delay: `items` symbols (0 to symbols − 1), then silence (id `symbols`), at whose end a
 * signal (id `symbols + 1`) asks for them; the targets are silence until then, and the symbols in the last `items` steps.
 * Who remembers nothing and says any symbol when asked loses items · ln(symbols) / T nats a step.
 *
 * Hochreiter and Schmidhuber 1997; in this form Arjovsky, Shah and Bengio 2016, arXiv:1511.06464.
 */
export function copying(options: {
	/** Steps from the last symbol to the first one asked for. */
	delay: number;
	batch: number;
	items?: number;
	symbols?: number;
	random: Random;
}): { inputs: number[][]; targets: number[][] } {
	const {
		delay,
		batch,
		items = 10,
		symbols = 8,
		random,
	} = expectOptions("copying", options, rules);
	const [silence, signal] = [symbols, symbols + 1];
	const steps = 2 * items + delay;
	const rows = Array.from({ length: batch }, () =>
		Array.from({ length: items }, () => random.integer(symbols)),
	);
	const asked = items + delay;
	return {
		inputs: Array.from({ length: steps }, (_, t) =>
			rows.map((row) =>
				t < items ? row[t] : t === asked - 1 ? signal : silence,
			),
		),
		targets: Array.from({ length: steps }, (_, t) =>
			rows.map((row) => (t < asked ? silence : row[t - asked])),
		),
	};
}
