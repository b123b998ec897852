import { spawn } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtByVite, consumer, dependencies, served } from "./consumer.ts";
import { browserOrSkip } from "./open.ts";
import { openPage } from "./page.ts";

/** A year and a half of temperatures: a season, and weather that lasts a day or two. */
function table(): string {
	let weather = 0;
	const rows = Array.from({ length: 550 }, (_, day) => {
		const noise = Math.sin(day * day * 1.7) + Math.sin(day * 91.3);
		weather = 0.7 * weather + noise;
		const season = 10 - 9 * Math.cos((2 * Math.PI * day) / 365);
		return `${day},"fine, or not",${(season + weather).toFixed(1)}`;
	});
	return ["day,sky,temperature", ...rows].join("\n");
}

/** What a reader of the README writes: train on the days but the last 60, save after every step, go on from what was saved, predict. */
const training = `
import { adam, chain, checkpoint, dense, fit, gru, meanAbsoluteError, noGrad, random, restoreCheckpoint, standardise, tensor, unroll } from "unrolled";
const STEPS = 120;
export async function train(days, saved, save) {
	const past = days.slice(0, -60);
	const scale = standardise(past.map((day) => [day]));
	const seed = random(1);
	const model = chain(unroll(gru({ inputs: 1, hidden: 16, random: seed })), dense({ inputs: 16, outputs: 1, random: seed }));
	const optimiser = adam({ rate: 0.01 });
	const source = random(2);
	const parts = { weights: model, optimiser, state: { source } };
	let done = saved ? restoreCheckpoint(saved, parts).notes : 0;
	const began = done;
	const z = scale.apply(days.map((day) => [day]));
	const loss = () => {
		const starts = Array.from({ length: 16 }, () => source.integer(past.length - 31));
		const at = (from) => tensor(Array.from({ length: 30 }, (_, t) => starts.map((start) => z[start + t + from])));
		return meanAbsoluteError(model.apply(at(0)), at(1));
	};
	if (done < STEPS)
		for await (const { step } of fit(loss, { weights: model, optimiser, steps: STEPS - done, clip: 1 }))
			await save(checkpoint({ ...parts, notes: ++done }));
	const said = noGrad(() => model.apply(tensor(z.slice(0, -1).map((day) => [day]))));
	const tomorrow = scale.undo(said.toArray().map(([day]) => day)).map(([day]) => day);
	const off = (guess) => days.slice(-60).reduce((sum, day, i) => sum + Math.abs(day - guess(days.length - 60 + i)), 0) / 60;
	return { began, network: off((i) => tomorrow[i - 1]), sameAgain: off((i) => days[i - 1]) };
}
`;

interface Told {
	began: number;
	network: number;
	sameAgain: number;
}

function folderWith(main: string): string {
	const folder = consumer(dependencies);
	writeFileSync(join(folder, "weather.csv"), table());
	writeFileSync(join(folder, "training.js"), training);
	writeFileSync(join(folder, "main.js"), main);
	return folder;
}

/** Runs the script; `kill` sends SIGKILL after so many lines. */
async function run(folder: string, kill = Infinity): Promise<string[]> {
	const child = spawn(process.execPath, ["main.js"], {
		cwd: folder,
		stdio: ["ignore", "pipe", "inherit"],
	});
	let text = "";
	child.stdout.on("data", (chunk) => {
		text += chunk;
		if (text.split("\n").length > kill) child.kill("SIGKILL");
	});
	await new Promise((done) => child.once("close", done));
	return text.trim().split("\n");
}

test("a script outside the repository trains on a CSV file, is killed, goes on and predicts", async () => {
	const main = `
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadFile, saveFile } from "unrolled";
import { train } from "./training.js";
const rows = readFileSync("weather.csv", "utf8").split("\\n").slice(1);
const days = rows.map((row) => Number(row.split(",").at(-1)));
const saved = existsSync("run.safetensors") ? loadFile("run.safetensors") : undefined;
const told = await train(days, saved, (bytes) => { saveFile("run.safetensors", bytes); console.log("saved"); });
console.log(JSON.stringify(told));
`;
	const folder = folderWith(main);
	writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
	const killed = await run(folder, 10);
	expect(killed.at(-1)).toBe("saved");
	const resumed: Told = JSON.parse((await run(folder)).at(-1) as string);
	expect(resumed.began).toBeGreaterThanOrEqual(10);
	expect(resumed.network).toBeLessThan(resumed.sameAgain);

	const other = folderWith(main);
	copyFileSync(join(folder, "package.json"), join(other, "package.json"));
	const whole: Told = JSON.parse((await run(other)).at(-1) as string);
	expect(resumed).toEqual({ ...whole, began: resumed.began });
});

test("the same as a bundled page, which is closed in the middle and opened again", async (context) => {
	browserOrSkip(context);
	const folder = folderWith(`
import { useWasm } from "unrolled";
import { train } from "./training.js";
const store = await new Promise((done) => {
	const asked = indexedDB.open("runs", 1);
	asked.onupgradeneeded = () => asked.result.createObjectStore("runs");
	asked.onsuccess = () => done(asked.result);
});
const answer = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
const runs = (mode) => store.transaction("runs", mode).objectStore("runs");
await useWasm();
const rows = (await (await fetch("./weather.csv")).text()).split("\\n").slice(1);
const days = rows.map((row) => Number(row.split(",").at(-1)));
globalThis.saves = 0;
globalThis.told = await train(days, await answer(runs("readonly").get("run")), async (bytes) => {
	await answer(runs("readwrite").put(bytes, "run"));
	globalThis.saves++;
});
`);
	const built = await builtByVite(folder);
	copyFileSync(join(folder, "weather.csv"), join(built, "weather.csv"));
	const address = await served(context, built);
	const page = await openPage(browserOrSkip(context));
	context.onTestFinished(() => page.context().close());
	await page.goto(address);
	await page.waitForFunction("globalThis.saves >= 10");
	await page.reload();
	await page.waitForFunction("globalThis.told", undefined, { timeout: 60_000 });
	const told = (await page.evaluate("told")) as Told;
	expect(told.began).toBeGreaterThanOrEqual(10);
	expect(told.network).toBeLessThan(told.sameAgain);
});
