import { type CellOptions, pass } from "../cells/cell.ts";
import { type GateWeights, gate, gateShapes } from "../cells/gates.ts";
import { lstmRules, openForget } from "../cells/lstm-family.ts";
import { expectOptions } from "../expect/expect.ts";
import { add, mul, sigmoid, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { sumRows } from "../ops/rows.ts";
import { gather } from "../ops/select.ts";
import { type Initial, makeWeights } from "../weights.ts";
import type { TreeCell } from "./cell.ts";

export interface ChildSumLstmOptions extends CellOptions {
	/** How weights start, by name or letter; default Glorot's uniform, biases 0, but `bf` 1. */
	initial?: Initial;
}

const gates = ["i", "f", "o", "u"] as const;

/**
 * The child-sum Tree-LSTM (Tai, Socher and Manning 2015, arXiv:1503.00075, equations 2 to 8), for any number of children in any order.
 *
 * ```text
 * h̃  = Σ_k h_k                              what the children say together         [B, H]
 * i  = σ(x·Wi + h̃·Ui + bi)                  how much to write                      [B, H]
 * f_k = σ(x·Wf + h_k·Uf + bf)               how much of child k to keep            [E, H]
 * o  = σ(x·Wo + h̃·Uo + bo)                  how much of the memory to show         [B, H]
 * u  = tanh(x·Wu + h̃·Uu + bu)               what to write                          [B, H]
 * c  = i ⊙ u + Σ_k f_k ⊙ c_k                the memory of the node                 [B, H]
 * h  = o ⊙ tanh(c)                          its output                             [B, H]
 * ```
 *
 * On a chain, each node with one child, it is the LSTM.
 * @throws when a size is not a whole number of at least 1.
 */
export function childSumLstm(
	options: ChildSumLstmOptions,
): TreeCell<GateWeights<(typeof gates)[number]>> {
	const { inputs: D, hidden: H } = expectOptions(
		"childSumLstm",
		options,
		lstmRules,
	);
	const shapes = gateShapes(gates, D, H);
	const weights = makeWeights("childSumLstm", shapes, options, openForget);
	return {
		name: "childSumLstm",
		inputs: D,
		hidden: H,
		places: Infinity,
		state: ["h", "c"],
		weights,
		step(x, children, tap = pass) {
			const w = weights;
			const { parents } = children;
			const B = x.shape[0];
			const below = children.all("h");
			const sum = sumRows(below, parents, B);
			const i = tap("i", sigmoid(gate(x, w.Wi, sum, w.Ui, w.bi)));
			// x·Wf once a node, for each of its children
			const ofParent = gather(matmul(x, w.Wf), parents);
			const f = tap("f", sigmoid(add(ofParent, matmul(below, w.Uf), w.bf)));
			const o = tap("o", sigmoid(gate(x, w.Wo, sum, w.Uo, w.bo)));
			const u = tap("u", tanh(gate(x, w.Wu, sum, w.Uu, w.bu)));
			const kept = sumRows(mul(f, children.all("c")), parents, B);
			const c = tap("c", add(mul(i, u), kept));
			return { h: tap("h", mul(o, tanh(c))), c };
		},
	};
}
