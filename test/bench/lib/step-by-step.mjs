/** Which cells of the library go step by step, operation by operation, and why: `npm run bench -- lib` prints it. */
import * as unrolled from "../../../lib/index.ts";
import { asProgram } from "../../../lib/layers/program.ts";

const { random } = unrolled;
const [T, B, D, H] = [4, 2, 3, 4];

/** A sample of every cell and wrapper, by name. */
function samples() {
	const of = (inputs = D) => ({ inputs, hidden: H, random: random(1) });
	const { lstm, gru, dense } = unrolled;
	const attention = { queries: H, memory: D, hidden: 5, random: random(1) };
	const memory = unrolled.ones([5, B, D]);
	const attend = unrolled.additiveAttention(attention).over(memory);
	const combine = dense({ inputs: D + H, outputs: H, random: random(1) });
	const fed = { attend, inputs: D, outputs: H, combine };
	return {
		elman: unrolled.elman(of()),
		irnn: unrolled.irnn(of()),
		lstm: lstm(of()),
		lstm1997: unrolled.lstm1997(of()),
		peephole: unrolled.peephole(of()),
		layerNormLstm: unrolled.layerNormLstm(of()),
		gru: gru(of()),
		sru: unrolled.sru(of()),
		sru2017: unrolled.sru2017(of()),
		qrnn: unrolled.qrnn(of()),
		projectedLstm: unrolled.projectedLstm({ ...of(), projection: 2 }),
		jordan: unrolled.jordan({ ...of(), outputs: 2 }),
		teacherForced: unrolled.teacherForced(
			unrolled.jordan({ ...of(), outputs: 2 }),
		),
		rhn: unrolled.rhn({ ...of(), depth: 2 }),
		deepTransition: unrolled.deepTransition({ ...of(), depth: 2 }),
		"qrnn, zoneout of its own": unrolled.qrnn({ ...of(), zoneout: 0.3 }),
		zoneout: unrolled.zoneout(gru(of()), 0.3),
		semeniuta: unrolled.semeniuta(lstm(of()), 0.3),
		gal: unrolled.gal(lstm(of()), { state: 0.3 }),
		weightDrop: unrolled.weightDrop(lstm(of()), 0.3),
		learntStart: unrolled.learntStart(lstm(of())),
		attending: unrolled.attending(lstm(of(2 * D)), { attend, inputs: D }),
		inputFeeding: unrolled.inputFeeding(lstm(of(D + H)), fed),
	};
}

/** A sentence: how many run as programs, and of the others why not. */
export function stepByStep() {
	const all = Object.entries(samples());
	const why = all.flatMap(([name, cell]) => {
		const mode = { dtype: "float32", training: true, random: random(1) };
		const now = cell.prepare?.(mode) ?? cell;
		const xs = unrolled.ones([T, B, cell.inputs]);
		const run = asProgram(now, xs, cell.start(B), undefined, true);
		return run instanceof Error ? [`${name} (${run.message})`] : [];
	});
	const others = why.length === 0 ? "none" : why.join(", ");
	return `Of ${all.length} cells and wrappers, looked into by \`inspect\`, these go step by step: ${others}. Trees go level by level (lib/tree/fold.ts says why).`;
}
