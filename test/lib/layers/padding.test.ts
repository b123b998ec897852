import {
	attending,
	bidirectional,
	chain,
	concat,
	deepOutput,
	dense,
	detach,
	dotAttention,
	dropout,
	gru,
	type Layer,
	layerNorm,
	layerNormLstm,
	lockedDropout,
	lstm,
	mul,
	pham,
	qrnn,
	random,
	relu,
	residual,
	residualStack,
	reversed,
	skipStack,
	softmaxCrossEntropy,
	sru,
	type Tensor,
	tensor,
	unroll,
	withWeights,
	zoneout,
} from "unrolled";
import { describe, expect, test } from "vitest";

const [T, B, D] = [5, 3, 2];
const lengths = [2, 5, 3];
const f64 = { dtype: "float64", random: random(3) } as const;
const cell = (inputs = D, hidden = D) => lstm({ inputs, hidden, ...f64 });
const lin = (inputs = D, outputs = D) => dense({ inputs, outputs, ...f64 });
const norm = () => layerNorm({ size: D, dtype: "float64" });

/** Layers over sequences [T, B, 2], each alone and inside others. */
const nestings: Record<string, () => Layer> = {
	unroll: () => unroll(cell()),
	"unroll of a gru": () => unroll(gru({ inputs: D, hidden: D, ...f64 })),
	"unroll of a layerNormLstm": () =>
		unroll(layerNormLstm({ inputs: D, hidden: D, ...f64 })),
	"unroll of an sru": () => unroll(sru({ inputs: D, hidden: D, ...f64 })),
	"unroll of a qrnn": () => unroll(qrnn({ inputs: D, hidden: D, ...f64 })),
	"unroll of zoneout": () => unroll(zoneout(cell(), { c: 0.3, h: 0.3 })),
	dense: () => lin(),
	layerNorm: norm,
	deepOutput: () => deepOutput({ inputs: D, hidden: [3], outputs: D, ...f64 }),
	dropout: () => chain(dropout(0.5), lin()),
	lockedDropout: () => chain(lockedDropout(0.5), lin()),
	withWeights: () =>
		withWeights(
			{ s: tensor([1, 2], { dtype: "float64", requiresGrad: true }) },
			(x, { s }) => mul(x, s),
		),
	"chain of dense and unroll": () => chain(lin(), unroll(cell())),
	"chain of layerNorm and unroll": () => chain(norm(), unroll(cell())),
	"chain of functions": () => chain(lin(), relu, unroll(cell()), relu),
	"chain of residual and dense": () => chain(residual(unroll(cell())), lin()),
	"chain of chains": () => chain(chain(lin(), norm()), chain(unroll(cell()))),
	residual: () => residual(unroll(cell())),
	"residual of dense": () => residual(lin()),
	"residual of a chain": () => residual(chain(lin(), unroll(cell()))),
	residualStack: () =>
		residualStack([lin(), unroll(cell()), norm(), unroll(cell())], {
			every: 2,
		}),
	skipStack: () => skipStack(lin(), unroll(cell(2 * D)), lin(2 * D)),
	reversed: () => reversed(unroll(cell())),
	"reversed of a chain": () => reversed(chain(lin(), unroll(cell()))),
	"bidirectional, concat": () =>
		chain(
			bidirectional({ forward: unroll(cell()), backward: unroll(cell()) }),
			lin(2 * D),
		),
	"bidirectional, sum, of chains": () =>
		bidirectional({
			forward: chain(norm(), unroll(cell())),
			backward: residual(chain(lin(), unroll(cell()))),
			merge: "sum",
		}),
	pham: () => pham(0.3, lin(), unroll(cell())),
	attending: () => {
		const memory = tensor([[[1, 2]], [[3, 4]]], { dtype: "float64" });
		const all = concat([memory, memory, memory], 1);
		const attend = dotAttention().over(all, [1, 2, 2]);
		return chain(
			lin(),
			unroll(attending(cell(2 * D, D), { attend, inputs: D })),
		);
	},
	"a layer of one's own around another": () => {
		const inner = chain(lin(), unroll(cell()));
		return {
			...inner,
			run: (x, options) => inner.run(x, options),
			apply: (x, options) => inner.run(x, options).outputs,
		};
	},
};

function sequences(padding: number): Tensor {
	const data = Float64Array.from({ length: T * B * D }, (_, i) => {
		const [t, b] = [Math.floor(i / (B * D)), Math.floor(i / D) % B];
		return t < lengths[b] ? Math.sin(7 * i + 1) : padding;
	});
	return tensor(data, { shape: [T, B, D], requiresGrad: true });
}
const inside = (t: number, b: number) => t < lengths[b];
const targets = Array.from({ length: T }, (_, t) =>
	Array.from({ length: B }, (_, b) => (inside(t, b) ? (t + b) % D : -1)),
);

describe.each(Object.entries(nestings))("%s", (_, make) => {
	const layer = make();
	const run = (padding: number, training: boolean) => {
		const x = sequences(padding);
		for (const w of Object.values(layer.weights)) w.grad = null;
		const options = { lengths: Uint8Array.from(lengths), training };
		const { outputs, state } = layer.run(x, { ...options, random: random(9) });
		softmaxCrossEntropy(outputs, targets).backward();
		const gradients = Object.entries(layer.weights).map(([name, w]) => [
			name,
			w.grad?.toArray(),
		]);
		const alive = Array.from(outputs.data).filter((_, i) =>
			inside(Math.floor(i / (B * D)), Math.floor(i / D) % B),
		);
		return { alive, state: detach(state), gradients, x: x.grad?.toArray() };
	};

	test.each([
		["in evaluation", false],
		["while training", true],
	])("whatever is past the lengths reaches nothing, %s", (_, training) => {
		const wanted = run(0, training);
		expect(wanted.gradients.flat(9)).not.toContain(NaN);
		for (const padding of [NaN, Infinity, 1e308, 7])
			expect(run(padding, training)).toEqual(wanted);
	});
});
