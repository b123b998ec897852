/**
 * This library beside its peers: `npm run bench -- lib [--torch] [--rounds 5] [--seconds 1] [--only WORD] [--against FOLDER]`.
 *
 * Every peer is a process of its own with one thread; they take turns, round after round, so that what else the machine
 * does meets all alike. A figure is the ratio of medians. It writes test/bench/RESULTS.md when nothing was left out.
 * `--against` adds another checkout of this project, built there, as a peer: the state before a change beside that after it.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { ownFigures } from "./own.mjs";
import { tokens, workloads } from "./workloads.mjs";

const here = import.meta.dirname;
const { values: options } = parseArgs({
	options: {
		torch: { type: "boolean", default: false },
		rounds: { type: "string", default: "5" },
		seconds: { type: "string", default: "1" },
		only: { type: "string", default: "" },
		peers: { type: "string", default: "unrolled,torch,wasm,cpu,brain" },
		against: { type: "string", default: "" },
	},
	allowPositionals: true,
});
const one = {
	...process.env,
	UNROLLED_THREADS: "1",
	OMP_NUM_THREADS: "1",
	TF_CPP_MIN_LOG_LEVEL: "3",
};

/** Starts a peer; `ask` sends it a line and gives its answer. */
async function start(program, args, cwd = here) {
	const child = spawn(program, args, {
		cwd,
		env: one,
		stdio: ["pipe", "pipe", "inherit"],
	});
	const lines = createInterface({ input: child.stdout })[
		Symbol.asyncIterator
	]();
	const next = async () => {
		const { value, done } = await lines.next();
		if (done) throw new Error(`${[program, ...args].join(" ")} ended`);
		return JSON.parse(value);
	};
	const { about } = await next();
	return {
		about,
		ask(question) {
			child.stdin.write(`${JSON.stringify(question)}\n`);
			return next();
		},
		end: () => child.kill(),
	};
}

/** Python with PyTorch, in an environment of its own. */
function torchPython() {
	const python = join(here, ".venv", "bin", "python");
	if (!existsSync(python)) {
		const say = { cwd: here, stdio: "inherit" };
		execFileSync("python3", ["-m", "venv", ".venv"], say);
		execFileSync(
			python,
			["-m", "pip", "install", "--quiet", "torch==2.15.0", "numpy==2.4.6"],
			say,
		);
	}
	return python;
}

/** The library of another checkout, named by its commit. */
async function startAgainst(folder) {
	const git = ["-C", folder, "describe", "--always", "--dirty"];
	const commit = execFileSync("git", git, { encoding: "utf8" }).trim();
	const bench = join(folder, "test", "bench", "lib");
	const peer = await start(process.execPath, ["peer.mjs", "unrolled"], bench);
	return { ...peer, about: `unrolled at ${commit}` };
}

const starters = {
	unrolled: () => start(process.execPath, ["peer.mjs", "unrolled"]),
	torch: () => options.torch && start(torchPython(), ["peers/torch_peer.py"]),
	wasm: () => start(process.execPath, ["peer.mjs", "tfjs", "wasm"]),
	cpu: () => start(process.execPath, ["peer.mjs", "tfjs", "cpu"]),
	brain: () => start(process.execPath, ["peer.mjs", "brain"]),
};

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
/** A step this slow is timed once; its peer skips the other rounds. */
const SLOW = 4000;

const peers = [];
for (const name of options.peers.split(",")) {
	const peer = await starters[name]();
	if (peer) peers.push(peer);
}
if (options.against) peers.push(await startAgainst(resolve(options.against)));
const rates = {};
for (const [name, work] of Object.entries(workloads)) {
	if (!name.includes(options.only)) continue;
	const times = peers.map(() => []);
	const counts = peers.map(() => tokens(work));
	for (let round = 0; round < Number(options.rounds); round++)
		for (const [i, peer] of peers.entries()) {
			if (times[i].some((ms) => ms > SLOW)) continue;
			const seconds = Number(options.seconds);
			const answer = await peer.ask({ name, work, seconds });
			times[i].push(...answer.samples);
			counts[i] = answer.tokens ?? counts[i];
		}
	rates[name] = times.map((list, i) =>
		list.length ? (counts[i] / median(list)) * 1e3 : undefined,
	);
	console.log(
		`${name}: ${rates[name].map((rate, i) => `${peers[i].about} ${rate ? Math.round(rate) : "–"}/s`).join(", ")}`,
	);
}
for (const peer of peers) peer.end();

const row = (cells) => `| ${cells.join(" | ")} |`;
const short = (value) =>
	value === undefined
		? "–"
		: value >= 10
			? value.toFixed(0)
			: value.toPrecision(2);
const table = [
	row([
		"work",
		`${peers[0].about}, tokens/s`,
		...peers.slice(1).map(({ about }) => `over ${about}`),
	]),
	row(["---", ...peers.map(() => "---:")]),
	...Object.entries(rates).map(([name, [ours, ...others]]) =>
		row([
			name,
			Math.round(ours),
			...others.map((rate) => short(rate && ours / rate)),
		]),
	),
].join("\n");
console.log(table);

if (!options.only && !options.against && options.torch && peers.length === 5) {
	const own = await ownFigures();
	const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
	const text = `# Results of \`npm run bench -- lib --torch\`\n\n${machine}. One thread each, ${options.rounds} rounds in turn, ratios of medians.\n\n${table}\n\n${own}\n`;
	writeFileSync(join(here, "..", "RESULTS.md"), text);
}
