import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { places, project } from "../../.setup/places.mjs";

/** JupyterHub and its proxy in the versions that are tried, installed into a folder of their own. */
const versions = {
	jupyterhub: "6.1.1",
	proxy: "configurable-http-proxy@5.3.0",
};

export interface Hub {
	process: ChildProcess;
	url: string;
	folder: string;
	password: string;
	/** What it printed so far. */
	said(): string;
}

function finished(program: string, args: string[], cwd: string) {
	const { status, stdout, stderr } = spawnSync(program, args, {
		cwd,
		encoding: "utf8",
	});
	if (status !== 0)
		throw new Error(`${program} ${args.join(" ")}:\n${stdout}${stderr}`);
}

/** The first of three free ports in a row. */
async function threePorts(): Promise<number> {
	const isFree = (port: number) =>
		new Promise<boolean>((resolve) => {
			const server = createServer();
			server.once("error", () => resolve(false));
			server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
		});
	for (;;) {
		const first = 20_000 + 3 * Math.floor(10_000 * Math.random());
		const free = await Promise.all([0, 1, 2].map((i) => isFree(first + i)));
		if (!free.includes(false)) return first;
	}
}

/** Starts JupyterHub, whose learners get what `.hub/singleuser` starts. */
export async function startHub(): Promise<Hub> {
	const folder = mkdtempSync(join(tmpdir(), "unrolled-hub-"));
	const packages = join(folder, "packages");
	const { venv, python, node } = places(project);
	const list = join(folder, "hub.txt");
	writeFileSync(list, `jupyterhub==${versions.jupyterhub}\n`);
	finished(
		join(venv, "bin/uv"),
		[
			...["pip", "install", "--python", python, "--target", packages],
			...["--system-certs", "-c", join(project, ".setup/constraints.txt")],
			...["-r", list],
		],
		folder,
	);
	const proxy = join(folder, "proxy");
	mkdirSync(proxy);
	finished(
		"npm",
		["install", "--no-audit", "--no-fund", "--prefix", proxy, versions.proxy],
		proxy,
	);
	const port = await threePorts();
	const password = "a-password-for-the-trial";
	const process_ = spawn(
		python,
		[
			"-m",
			"jupyterhub",
			"--config",
			join(project, "test/experiments/hub_config.py"),
		],
		{
			cwd: folder,
			env: {
				PATH: process.env.PATH,
				LANG: process.env.LANG ?? "C.UTF-8",
				HOME: folder,
				PYTHONPATH: packages,
				HUB_FOLDER: folder,
				HUB_PORT: String(port),
				HUB_PASSWORD: password,
				HUB_PROXY: [
					node,
					join(
						proxy,
						"node_modules/configurable-http-proxy/bin/configurable-http-proxy",
					),
				].join("\n"),
				HUB_SINGLEUSER: join(project, ".hub/singleuser"),
			},
			stdio: ["ignore", "pipe", "pipe"],
		},
	);
	let output = "";
	for (const stream of [process_.stdout, process_.stderr])
		stream.setEncoding("utf8").on("data", (text) => {
			output += text;
		});
	const url = `http://127.0.0.1:${port}`;
	for (;;) {
		if (process_.exitCode !== null)
			throw new Error(`JupyterHub ended:\n${output}`);
		const up = await fetch(`${url}/hub/api/`).then(
			(answer) => answer.ok,
			() => false,
		);
		if (up)
			return { process: process_, url, folder, password, said: () => output };
		await sleep(200);
	}
}

/** Memory that a process holds in MB; what it shares with others is divided among them. 0 where it has ended. */
export function memoryOf(pid: number): number {
	try {
		const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
		return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024;
	} catch {
		return 0;
	}
}
