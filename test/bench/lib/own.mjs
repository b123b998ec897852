/**
 * What the peers need not be asked: rates beside the machine's peak, how the cost grows, how much memory is taken.
 * Each figure comes from a process of its own, in time that its thread had, so that the machine's other work is left out.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cellFigures } from "./cells.mjs";
import { stepByStep } from "./step-by-step.mjs";
import { numbers } from "./workloads.mjs";

const here = import.meta.dirname;
const train = (T, B, H) => ({ kind: "train", cell: "lstm", T, B, D: H, H });
/** Multiplications and additions of a training step: three products forward and back, one fewer where x needs no gradient. */
const operations = ({ T, B, D, H }, gates) =>
	2 * T * B * gates * H * (2 * (D + H) + H);

function askWith(threads, what, ...args) {
	const command = [join(here, "own.mjs"), what, ...args.map(String)];
	const env = { ...process.env, UNROLLED_THREADS: String(threads) };
	const said = execFileSync(process.execPath, command, {
		env,
		encoding: "utf8",
	});
	return JSON.parse(said);
}
const ask = (...question) => askWith(1, ...question);

/** How many times as fast two threads are as one, by the clock on the wall: the shortest steps of processes that take turns. */
function twoThreads(work) {
	const shortest = { 1: Infinity, 2: Infinity };
	for (let turn = 0; turn < 4; turn++)
		for (const threads of [1, 2]) {
			const ms = askWith(threads, "wall", JSON.stringify(work));
			shortest[threads] = Math.min(shortest[threads], ms);
		}
	return shortest[1] / shortest[2];
}

export async function ownFigures() {
	const peak = ask("peak");
	const rate = (flops, ms) =>
		`${(flops / ms / 1e6).toFixed(1)} | ${((100 * flops) / ms / 1e6 / peak).toFixed(0)} %`;
	const rates = [];
	for (const [m, n, k] of [
		[2048, 512, 128],
		[512, 512, 512],
	])
		for (const where of ["weights", "new"])
			rates.push(
				`| product ${m}×${n}×${k}, ${where === "new" ? "of data" : "of weights"} | ${rate(2 * m * n * k, ask("product", m, n, k, where))} |`,
			);
	for (const [cell, gates, H] of [
		["lstm", 4, 128],
		["lstm", 4, 512],
		["gru", 3, 128],
		["elman", 1, 128],
	]) {
		const work = { ...train(64, 32, H), cell };
		rates.push(
			`| ${cell} training step, H ${H} | ${rate(operations(work, gates), ask("train", JSON.stringify(work)).ms)} |`,
		);
	}
	const growth = (sizes, make) =>
		sizes.map((size) => {
			const work = make(size);
			const { ms, rss } = ask("train", JSON.stringify(work));
			const micro = (ms * 1e3) / (work.T * work.B);
			return `| ${size} | ${micro.toFixed(2)} | ${((1e3 * micro) / work.H / work.H).toFixed(3)} | ${rss.toFixed(0)} |`;
		});
	const table = (name, sizes, make) =>
		[
			`| ${name} | µs a token | ns a token over H² | peak memory, MB |`,
			"| ---: | ---: | ---: | ---: |",
			...growth(sizes, make),
		].join("\n");
	return [
		`The machine's 128-bit peak, by a loop of independent multiply-adds: ${peak.toFixed(1)} GFLOP/s.`,
		[
			"| one thread | GFLOP/s | of the peak |",
			"| --- | ---: | ---: |",
			...rates,
		].join("\n"),
		...cellFigures(askWith),
		stepByStep(),
		`Two threads over one, LSTM training, H 512: ${twoThreads(train(64, 32, 512)).toFixed(2)} times as fast by the clock on the wall.`,
		"LSTM training, B 32, H 128, by T:",
		table("T", [64, 256, 1024, 4096], (T) => train(T, 32, 128)),
		"By H (B 32, T 64):",
		table("H", [32, 64, 128, 256, 512], (H) => train(64, 32, H)),
		"By B (T 64, H 128):",
		table("B", [1, 8, 32, 128], (B) => train(64, B, 128)),
	].join("\n\n");
}

/** Milliseconds of a step in the thread's own time, the least of many short stretches: some of them had the machine to themselves. */
export function shortest(step, stretches = 60) {
	const spent = () => {
		const { user, system } = process.threadCpuUsage();
		return (user + system) / 1e3;
	};
	step();
	let best = Infinity;
	const end = performance.now() + 20_000;
	for (let i = 0; i < 3 || (i < stretches && performance.now() < end); i++) {
		const start = spent();
		let steps = 0;
		do {
			step();
			steps++;
		} while (spent() - start < 60);
		best = Math.min(best, (spent() - start) / steps);
	}
	return best;
}

/** Milliseconds of a step by the clock on the wall, the least of those of a stretch, five seconds if not told; the threads start before. */
async function measureWall(work, stretch = 5000) {
	const { make } = await import("./peers/unrolled.mjs");
	const step = make(work);
	step();
	await sleep(500);
	let best = Infinity;
	const end = performance.now() + stretch;
	while (performance.now() < end) {
		const start = performance.now();
		step();
		best = Math.min(best, performance.now() - start);
	}
	return best;
}

async function measurePeak() {
	const { default: asc } = await import(
		"../../../lib/backend/wasm/kernels/asc.mjs"
	);
	const out = join(tmpdir(), `unrolled-peak-${process.pid}.wasm`);
	const from = relative(process.cwd(), join(here, "peak.ts"));
	const options = [
		"-O3",
		"--runtime",
		"stub",
		"--enable",
		"simd",
		"--enable",
		"relaxed-simd",
	];
	const { error } = await asc.main([
		from,
		...options,
		"--outFile",
		relative(process.cwd(), out),
	]);
	if (error) throw error;
	const { instance } = await WebAssembly.instantiate(readFileSync(out));
	const rounds = 1e5;
	const ms = shortest(() => instance.exports.peak(rounds, 0.9, 1e-4));
	return (rounds * 12 * 8) / ms / 1e6;
}

async function measureProduct(m, n, k, where) {
	const u = await import("unrolled");
	const random = u.random(1);
	if (where === "weights") {
		const [a, b] = [
			u.weight([m, k], u.normal(), random),
			u.weight([k, n], u.normal(), random),
		];
		return shortest(() => u.noGrad(() => u.matmul(a, b)));
	}
	const a = u.tensor(numbers(m * k, 1), { shape: [m, k] });
	const b = u.tensor(numbers(k * n, 2), { shape: [k, n] });
	return shortest(() => u.matmul(a, b));
}

const [what, ...args] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && what === "cells")
	for (const table of cellFigures(askWith, args[0])) console.log(`${table}\n`);
else if (process.argv[1] === import.meta.filename) {
	const { make } = await import("./peers/unrolled.mjs");
	const answers = {
		peak: measurePeak,
		product: (m, n, k, where) =>
			measureProduct(Number(m), Number(n), Number(k), where),
		wall: (work, ms) => measureWall(JSON.parse(work), ms && Number(ms)),
		train(work, stretches) {
			const step = make(JSON.parse(work));
			const ms = shortest(step, stretches && Number(stretches));
			const rss = process.resourceUsage().maxRSS / 1024;
			return { ms, rss, products: step.products };
		},
	};
	console.log(JSON.stringify(await answers[what](...args)));
}
