import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadFile, random, readSafetensors } from "unrolled";
import { expect } from "vitest";
import { places, project } from "../../../.setup/places.mjs";

const script = join(import.meta.dirname, "trains.ts");
const { node } = places(project);

function start(path: string, steps: number): ChildProcess {
	const flags = ["--disable-warning=ExperimentalWarning", script];
	return spawn(node, [...flags, "train", path, `${steps}`], {
		stdio: ["ignore", "pipe", "inherit"],
	});
}

/** What a training prints until it ends, or is killed at a moment that `kill` chooses once it has begun to write. */
async function printed(
	child: ChildProcess,
	kill?: () => number,
): Promise<string[]> {
	let text = "";
	let timer: NodeJS.Timeout | undefined;
	child.stdout?.on("data", (chunk) => {
		text += chunk;
		if (kill) timer ??= setTimeout(() => child.kill("SIGKILL"), kill());
	});
	await new Promise((done) => child.once("close", done));
	clearTimeout(timer);
	// a line that the kill has cut is none
	return text.split("\n").slice(0, -1);
}

/**
 * Kills a training `times` times at random moments while it writes checkpoints, and lets it go on from what is there: each time a whole checkpoint is
 * there, and all losses are those of a training that was never killed.
 */
export async function killed(times: number): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "unrolled-killed-"));
	try {
		const steps = 60 * times;
		const told = new Map<string, string>();
		const path = join(folder, "killed.safetensors");
		const source = random(4);
		let last = 0;
		for (let i = 0; i < times; i++) {
			const lines = await printed(start(path, steps), () =>
				source.uniform(0, 120),
			);
			for (const line of lines) {
				const [step, loss] = line.split(" ");
				expect(told.get(step) ?? loss, `step ${step}`).toBe(loss);
				told.set(step, loss);
			}
			expect(existsSync(path)).toBe(true);
			const { metadata } = readSafetensors(loadFile(path));
			const { notes } = JSON.parse(metadata["unrolled.checkpoint"]);
			// the checkpoint of the last step that was told, or of the one under way
			const lastTold = Number(lines.at(-1)?.split(" ")[0] ?? last);
			expect([lastTold, lastTold + 1]).toContain(notes);
			last = notes;
		}
		const whole = await printed(start(join(folder, "whole.safetensors"), last));
		expect(whole).toHaveLength(last);
		for (const line of whole) {
			const [step, loss] = line.split(" ");
			expect(told.get(step) ?? loss, `step ${step}`).toBe(loss);
		}
		expect(told.size).toBeGreaterThan(last - times - 1);
	} finally {
		rmSync(folder, { recursive: true });
	}
}
