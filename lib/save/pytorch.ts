import { uninterrupted } from "../backend/termination.ts";
import { expectValue } from "../expect/expect.ts";
import { aTensor, record } from "../expect/rules.ts";
import { zeros } from "../make.ts";
import { concat, split, transpose } from "../ops/arrange.ts";
import { add } from "../ops/elementwise.ts";
import { changed, noGrad, sameShape, type Tensor } from "../tensor.ts";
import { namedWeights, type WeightSet } from "../train/weights.ts";

type Tensors = Readonly<Record<string, Tensor>>;

/** How one of our parts and PyTorch's module of the same equations stand to each other; names are those after the part's place. */
interface Module {
	kind: string;
	/** Whether several on one another are one module with layers, `weight_ih_l0`, `weight_ih_l1` … */
	recurrent: boolean;
	/** PyTorch's tensors, from ours. */
	write(ours: Tensors): Record<string, Tensor>;
	/** Ours, from PyTorch's; `take` gives one by its name, or undefined where it may be missing. */
	read(
		take: (name: string, optional?: boolean) => Tensor | undefined,
	): Record<string, Tensor>;
}

/** PyTorch's order of the gates in the rows of its matrices. */
const LSTM = ["i", "f", "g", "o"] as const;
const GRU = ["r", "z", ""] as const;

function recurrent(kind: string, gates: readonly string[]): Module {
	const gru = kind === "GRU";
	return {
		kind,
		recurrent: true,
		write(ours) {
			const rows = (letter: string) =>
				concat(gates.map((gate) => transpose(ours[`${letter}${gate}`])));
			const b = gates.map((gate) => ours[`b${gate}`]);
			const none = b.map(({ shape, dtype }) => zeros(shape, { dtype }));
			return {
				weight_ih: rows("W"),
				weight_hh: rows("U"),
				bias_ih: concat(b),
				// only the candidate of a GRU needs two biases
				bias_hh: concat(gru ? [none[0], none[1], ours.c] : none),
				...(ours.P && { weight_hr: transpose(ours.P) }),
			};
		},
		read(take) {
			const cut = (t: Tensor) => {
				const H = t.shape[0] / gates.length;
				return split(
					t,
					gates.map(() => H),
				);
			};
			const [W, U] = ["weight_ih", "weight_hh"].map((name) =>
				cut(take(name) as Tensor).map((t) => transpose(t)),
			);
			const H = W[0].shape[1];
			const { dtype } = W[0];
			const biases = ["bias_ih", "bias_hh"].map((name) => {
				const bias = take(name, true);
				return bias ? cut(bias) : gates.map(() => zeros([H], { dtype }));
			});
			const made: Record<string, Tensor> = {};
			gates.forEach((gate, i) => {
				made[`W${gate}`] = W[i];
				made[`U${gate}`] = U[i];
				const apart = gru && gate === "";
				made[`b${gate}`] = apart
					? biases[0][i]
					: add(biases[0][i], biases[1][i]);
				if (apart) made.c = biases[1][i];
			});
			const P = take("weight_hr", true);
			if (P) made.P = transpose(P);
			return made;
		},
	};
}

const modules: readonly (Module & { names: readonly string[] })[] = [
	{ names: named("WUb", LSTM), ...recurrent("LSTM", LSTM) },
	{ names: [...named("WUb", LSTM), "P"], ...recurrent("LSTM", LSTM) },
	{ names: [...named("WUb", GRU), "c"], ...recurrent("GRU", GRU) },
	{ names: named("WUb", [""]), ...recurrent("RNN", [""]) },
	{
		names: ["W", "b"],
		kind: "Linear",
		recurrent: false,
		write: ({ W, b }) => ({ weight: transpose(W), bias: b }),
		read(take) {
			const W = transpose(take("weight") as Tensor);
			const none = () => zeros([W.shape[1]], { dtype: W.dtype });
			return { W, b: take("bias", true) ?? none() };
		},
	},
	{
		names: ["table"],
		kind: "Embedding",
		recurrent: false,
		write: ({ table }) => ({ weight: table }),
		read: (take) => ({ table: take("weight") as Tensor }),
	},
	{
		names: ["g", "b"],
		kind: "LayerNorm",
		recurrent: false,
		write: ({ g, b }) => ({ weight: g, bias: b }),
		read: (take) => ({
			g: take("weight") as Tensor,
			b: take("bias") as Tensor,
		}),
	},
];

function named(letters: string, gates: readonly string[]): string[] {
	return gates.flatMap((gate) => [...letters].map((letter) => letter + gate));
}

/** One of our parts: its module, its weights by their own names, and the place of its tensors in PyTorch. */
interface Part {
	module: Module;
	ours: Record<string, Tensor>;
	/** Our place, as errors name it. */
	place: string;
	/** PyTorch's name of one of its tensors: `lstm.weight_ih_l1_reverse`. */
	theirs: (name: string) => string;
}

/** The parts of a set of weights, each with the names that PyTorch gives its tensors. */
function partsOf(place: string, weights: WeightSet): Part[] {
	const groups = new Map<string, Record<string, Tensor>>();
	for (const [name, w] of namedWeights(place, weights)) {
		const at = name.lastIndexOf(".");
		const path = name.slice(0, Math.max(0, at));
		const group = groups.get(path) ?? {};
		group[name.slice(at + 1)] = w;
		groups.set(path, group);
	}
	const found = [...groups].map(([path, ours]) => {
		const own = Object.keys(ours).sort().join();
		const module = modules.find(
			({ names }) => [...names].sort().join() === own,
		);
		if (!module) throw unknown(place, path, ours);
		return { path, ours, module };
	});
	/** Whether all that is under a path is recurrent layers, numbered: one module of PyTorch's with several layers. */
	const stacked = (stem: string) =>
		found
			.filter(({ path }) => stem === "" || path.startsWith(`${stem}.`))
			.every(({ path, module }) => {
				const rest = stem === "" ? path : path.slice(stem.length + 1);
				return module.recurrent && /^\d+(\.(forward|backward))?$/.test(rest);
			});
	return found.map(({ path, ours, module }) => {
		if (!module.recurrent)
			return {
				...{ module, ours, place: path },
				theirs: (name: string) => (path ? `${path}.${name}` : name),
			};
		const [, ahead, direction] =
			/^(?:(.*)\.)?(forward|backward)$/.exec(path) ?? [];
		const own = direction ? (ahead ?? "") : path;
		const numbered = /^(?:(.*)\.)?(\d+)$/.exec(own);
		const stem = numbered?.[1] ?? "";
		const inStack = numbered !== null && stacked(stem);
		const [prefix, layer] = inStack ? [stem, numbered[2]] : [own, "0"];
		const suffix = `_l${layer}${direction === "backward" ? "_reverse" : ""}`;
		return {
			...{ module, ours, place: path },
			theirs: (name: string) => `${prefix ? `${prefix}.` : ""}${name}${suffix}`,
		};
	});
}

function unknown(place: string, path: string, ours: Tensors): Error {
	const where = path ? ` at ${path}` : "";
	const own = Object.keys(ours);
	if (own.includes("Wr") && !own.includes("c"))
		return new Error(
			`${place}: the gru${where} applies its reset gate before the recurrent product, PyTorch's after it: they are different networks, and the weights of one do not fit the other; make it by gru({ …, reset: "after" })`,
		);
	return new Error(
		`${place}: PyTorch has no module with the weights ${own.join(", ")}${where}; there are RNN, LSTM, GRU, Linear, Embedding and LayerNorm`,
	);
}

/**
 * The weights of a network as PyTorch's `state_dict` names and lays them out: gates stacked in one matrix, matrices turned, two biases.
 *
 * ```ts
 * writeSafetensors(toPytorch({ embedding: words, lstm: [first, second], head }))
 * ```
 *
 * is what `safetensors.torch.load_file` and `load_state_dict` take for a module with an `nn.Embedding` called embedding, an `nn.LSTM` of two layers called
 * lstm and an `nn.Linear` called head. A list or chain of recurrent layers alone is one module with several layers; `bidirectional` is one with both directions; in
 * a chain of other layers each has its number, as in `nn.Sequential`.
 * @throws when a part has no counterpart in PyTorch: a GRU whose reset gate works before the product, peepholes, SRU …
 */
export function toPytorch(weights: WeightSet): Record<string, Tensor> {
	return noGrad(() => {
		const made: Record<string, Tensor> = {};
		for (const { module, ours, theirs } of partsOf("toPytorch", weights))
			for (const [name, t] of Object.entries(module.write(ours)))
				made[theirs(name)] = t.detach();
		return made;
	});
}

const someTensors = record(aTensor, "tensors by name");

/**
 * Writes the weights of a PyTorch `state_dict` into a network: the other way of `toPytorch`. Its two biases become one, and one that is missing
 * (`bias=False`) is 0. Numbers are rounded to the type of the network's weights.
 *
 * ```ts
 * loadPytorch({ embedding: words, lstm: [first, second], head }, readSafetensors(bytes).tensors);
 * ```
 *
 * @throws when a tensor is missing, left over, or of another shape; nothing is written then.
 */
export function loadPytorch(
	weights: WeightSet,
	tensors: Readonly<Record<string, Tensor>>,
): void {
	expectValue("loadPytorch", "the tensors", tensors, someTensors);
	const left = new Set(Object.keys(tensors));
	const parts = partsOf("loadPytorch", weights);
	const writes = noGrad(() =>
		parts.flatMap(({ module, ours, place, theirs }) => {
			const wanted = module.write(ours);
			const take = (name: string, optional = false) => {
				const full = theirs(name);
				const found = Object.hasOwn(tensors, full) ? tensors[full] : undefined;
				if (!found && optional) return undefined;
				if (!found)
					throw new Error(
						`loadPytorch: there is no tensor ${full} for the ${module.kind}${place ? ` at ${place}` : ""}; there are ${few([...left])}`,
					);
				left.delete(full);
				const shape = wanted[name]?.shape;
				if (!sameShape(found.shape, shape))
					throw new Error(
						`loadPytorch: ${full} must be [${shape?.join(", ") ?? "not there"}], got [${found.shape.join(", ")}]`,
					);
				return found;
			};
			return Object.entries(module.read(take)).map(
				([name, t]) => [ours[name], t] as const,
			);
		}),
	);
	if (left.size > 0)
		throw new Error(
			`loadPytorch: the model has no weights for ${few([...left])}; does it lack a part, or has a part another size?`,
		);
	uninterrupted(() => {
		for (const [w, t] of writes) {
			w.data.set(t.data);
			changed(w);
		}
	});
}

const few = (names: readonly string[]): string =>
	names.length > 6
		? `${names.slice(0, 6).join(", ")} … (${names.length})`
		: names.join(", ") || "none";
