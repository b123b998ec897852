import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	adam,
	averaged,
	batches,
	chain,
	checkpoint,
	copyWeights,
	dense,
	dropout,
	fit,
	loadFile,
	lstm,
	meanSquaredError,
	onPlateau,
	random,
	readSafetensors,
	restoreCheckpoint,
	saveFile,
	tensor,
	unroll,
	windows,
	writeSafetensors,
} from "unrolled";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "unrolled-save-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A training with everything that changes: masks, mixed batches, a rate that falls, windows. */
function training() {
	const seed = random(1);
	const model = chain(
		unroll(lstm({ inputs: 1, hidden: 6, random: seed })),
		dropout(0.3),
		dense({ inputs: 6, outputs: 1, random: seed }),
	);
	const source = random(2);
	const rounds = batches(
		Array.from({ length: 10 }, (_, i) => i),
		{ batch: 3, random: random(3) },
	);
	const strips = windows(
		Array.from({ length: 60 }, (_, i) => i),
		{ batch: 1, steps: 4 },
	);
	const rate = onPlateau({ rate: 0.05, patience: 1 });
	const optimiser = adam({ rate });
	const state = { source, rounds, strips, rate };
	const parts = { weights: model, optimiser, state };
	const losses: number[] = [];
	const train = async (steps: number) => {
		const loss = () => {
			const batch = rounds.next().value;
			const [first] = strips.next().value.inputs[0];
			const xs = tensor(
				[0, 1, 2].map((t) => batch.map((i) => [Math.sin(i + t + first)])),
			);
			const y = tensor(
				[1, 2, 3].map((t) => batch.map((i) => [Math.sin(i + t + first)])),
			);
			return meanSquaredError(
				model.apply(xs, { training: true, random: source }),
				y,
			);
		};
		for await (const step of fit(loss, { weights: model, optimiser, steps })) {
			losses.push(step.loss);
			rate.report(step.loss);
		}
	};
	return { parts, train, losses, model };
}

describe("a checkpoint", () => {
	test("resuming equals never having stopped, to the bit", async () => {
		const whole = training();
		await whole.train(20);
		for (const stop of [0, 1, 7]) {
			const first = training();
			if (stop > 0) await first.train(stop);
			const bytes = checkpoint({ ...first.parts, notes: { stop } });
			const second = training();
			await second.train(3); // wherever it was before
			second.losses.length = 0;
			expect(restoreCheckpoint(bytes, second.parts)).toEqual({
				notes: { stop },
			});
			await second.train(20 - stop);
			expect([...first.losses, ...second.losses]).toEqual(whole.losses);
			expect(copyWeights(second.model)).toEqual(copyWeights(whole.model));
			expect(checkpoint(second.parts)).toEqual(checkpoint(whole.parts));
		}
	});

	test("of averaged weights resumes to the bit, and refuses another optimiser's", async () => {
		const steps = async (count: number, from?: Uint8Array) => {
			const source = random(5);
			const model = dense({ inputs: 2, outputs: 2, random: source });
			const optimiser = averaged(adam(), { after: 3 });
			const parts = { weights: model, optimiser, state: { source } };
			if (from) restoreCheckpoint(from, parts);
			for (let i = 0; i < count; i++) {
				const x = tensor([[source.normal(), source.normal()]]);
				meanSquaredError(model.apply(x), tensor([[1, 0]])).backward();
				optimiser.step(model);
			}
			return { parts, average: optimiser.average(model) };
		};
		const whole = await steps(9);
		for (const stop of [1, 3, 4, 8]) {
			const { parts } = await steps(stop);
			const rest = await steps(9 - stop, checkpoint(parts));
			expect(rest.average).toEqual(whole.average);
			expect(checkpoint(rest.parts)).toEqual(checkpoint(whole.parts));
		}
		const { weights } = whole.parts;
		const plain = adam();
		const other = { weights, optimiser: averaged(plain) };
		expect(() =>
			restoreCheckpoint(checkpoint({ weights, optimiser: plain }), other),
		).toThrow("averaged: restore: there are no averages");
		const { state } = whole.parts;
		expect(() =>
			restoreCheckpoint(checkpoint(whole.parts), {
				...{ weights, optimiser: plain, state },
			}),
		).toThrow("the state has W/average, which is no weight and part");
		expect(() => averaged(averaged(plain))).toThrow(
			"averaged: the optimiser is averaged already",
		);
	});

	test("its weights are ordinary tensors", () => {
		const { parts } = training();
		const { tensors } = readSafetensors(checkpoint(parts));
		expect(tensors["weights/0.Wi"].shape).toEqual([1, 6]);
	});

	test("that does not fit is refused, and nothing is changed", async () => {
		const [one, other] = [training(), training()];
		await one.train(2);
		const bytes = checkpoint(one.parts);
		const before = checkpoint(other.parts);
		const { weights, optimiser, state } = other.parts;
		const { source: _, ...fewer } = state;
		const cases: [() => unknown, string][] = [
			[
				() => restoreCheckpoint(bytes, { weights, state }),
				"the checkpoint has an optimiser, which was not given",
			],
			[
				() => restoreCheckpoint(bytes, { weights, optimiser, state: fewer }),
				"the checkpoint has state source, which was not given",
			],
			[
				() =>
					restoreCheckpoint(bytes, {
						weights,
						optimiser,
						state: { ...state, more: random(1) },
					}),
				"the checkpoint has no state more",
			],
			[
				() =>
					restoreCheckpoint(bytes, {
						weights: dense({ inputs: 1, outputs: 1, random: random(1) }),
						optimiser,
						state,
					}),
				"restoreWeights: there is no copy of W, b",
			],
			[
				() =>
					restoreCheckpoint(bytes, {
						weights,
						optimiser,
						state: { ...state, rounds: batches([1], { batch: 1 }) },
					}),
				"batches: restore: the state must be what state() of batches over 1 items gave",
			],
			[
				() => restoreCheckpoint(writeSafetensors({}), other.parts),
				"this file is not a checkpoint, it holds only tensors",
			],
			[
				() =>
					restoreCheckpoint(
						writeSafetensors(
							{},
							{ "unrolled.checkpoint": '{"version":2,"state":{}}' },
						),
						other.parts,
					),
				"the checkpoint is of version 2",
			],
			[
				() => restoreCheckpoint(bytes.subarray(0, 100), other.parts),
				"readSafetensors: the file says that its header is",
			],
			[
				() => checkpoint({ ...other.parts, notes: 1n as never }),
				"checkpoint: notes must be what JSON can write",
			],
		];
		for (const [wrong, text] of cases) expect(wrong).toThrow(text);
		expect(checkpoint(other.parts)).toEqual(before);
	});

	test("of 10,000 mutations none leaves half of a network", async () => {
		const one = training();
		await one.train(1);
		const bytes = checkpoint(one.parts);
		const other = training();
		const before = checkpoint(other.parts);
		const source = random(8);
		for (let i = 0; i < 10_000; i++) {
			const changed = bytes.slice();
			for (let k = 0; k <= source.integer(3); k++)
				changed[source.integer(2500)] = 32 + source.integer(95);
			try {
				restoreCheckpoint(changed, other.parts);
				restoreCheckpoint(before, other.parts);
			} catch (error) {
				expect((error as Error).constructor).toBe(Error);
				expect(checkpoint(other.parts)).toEqual(before);
			}
		}
	});
});

describe("files", () => {
	test("are written as a whole, and leave nothing beside them", () => {
		const path = join(folder, "a.safetensors");
		saveFile(path, new Uint8Array([1, 2, 3]));
		saveFile(path, new Uint8Array([4]).buffer);
		expect([...loadFile(path)]).toEqual([4]);
		expect(readdirSync(folder)).toEqual(["a.safetensors"]);
	});

	test("that cannot be written or read are told", () => {
		expect(() => saveFile(join(folder, "no/where"), new Uint8Array())).toThrow(
			/saveFile: .*no\/where cannot be written: ENOENT/,
		);
		expect(() => loadFile(join(folder, "nothing"))).toThrow(
			/loadFile: .*nothing cannot be read: ENOENT/,
		);
		expect(() => saveFile("x", "abc" as never)).toThrow(
			'saveFile: wanted the bytes of a file, a Uint8Array or an ArrayBuffer, got "abc"',
		);
	});

	test("an unfinished one from before is in nobody's way", () => {
		const path = join(folder, "b");
		writeFileSync(`${path}.unfinished`, "half");
		saveFile(path, new Uint8Array([7]));
		expect([...loadFile(path)]).toEqual([7]);
	});
});

test("a source of random numbers goes on from its state, normal pairs included", () => {
	const source = random(3);
	source.normal();
	const state = JSON.parse(JSON.stringify(source.state()));
	const draw = (from: typeof source) => [
		from.normal(),
		from.uniform(),
		from.integer(9),
		from.normal(),
		from.shuffle([1, 2, 3]),
	];
	const own = draw(source);
	const other = random(99);
	other.restore(state);
	expect(draw(other)).toEqual(own);
	expect(() => other.restore({ words: [1], spare: null })).toThrow(
		"restore: the state must be what a source's state() gave",
	);
});
