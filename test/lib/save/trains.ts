import { existsSync } from "node:fs";
import { argv, stdout } from "node:process";
import {
	adam,
	batches,
	chain,
	checkpoint,
	dense,
	fit,
	gru,
	loadFile,
	meanSquaredError,
	random,
	restoreCheckpoint,
	saveFile,
	tensor,
	unroll,
} from "../../../lib/index.ts";

/** Trains from the checkpoint that is there, or from the start, writes one after every step, and tells the step and the loss of each. */
export async function train(path: string, steps: number): Promise<void> {
	const seed = random(1);
	const model = chain(
		unroll(gru({ inputs: 1, hidden: 40, random: seed })),
		dense({ inputs: 40, outputs: 1, random: seed }),
	);
	const data = batches(
		Array.from({ length: 12 }, (_, i) => i),
		{ batch: 5, random: random(2) },
	);
	const optimiser = adam({ rate: 0.01 });
	const parts = { weights: model, optimiser, state: { data } };
	let done = 0;
	if (existsSync(path))
		done = restoreCheckpoint(loadFile(path), parts).notes as number;
	const loss = (_: number, batch: number[]) => {
		const at = (t: number) => batch.map((i) => [Math.sin(i + t)]);
		const y = model.apply(tensor([at(0), at(1)]));
		return meanSquaredError(y, tensor([at(1), at(2)]));
	};
	if (done >= steps) return;
	const run = fit(loss, {
		weights: model,
		optimiser,
		data,
		steps: steps - done,
	});
	for await (const { loss } of run) {
		saveFile(path, checkpoint({ ...parts, notes: ++done }));
		stdout.write(`${done} ${loss}\n`);
	}
}

if (argv[2] === "train") await train(argv[3], Number(argv[4]));
