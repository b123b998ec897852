import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { project } from "../../.setup/places.mjs";

export interface Lab {
	npm: ChildProcess;
	token: string;
	/** Asks the server's own interface. */
	ask(path: string, body?: object): Promise<unknown>;
	url(path: string): string;
	/** What `npm start` printed so far. */
	said(): string;
}

/** A port that is free now. */
export async function anyPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** A program that serves, and what it printed so far. */
export interface Server {
	program: ChildProcess;
	said(): string;
}

/** Begins a program that serves; its output is read from now on. */
export function serve(...begin: Parameters<typeof spawn>): Server {
	const program = spawn(...begin);
	let output = "";
	program.on("error", (error) => {
		output += error;
	});
	for (const stream of [program.stdout, program.stderr])
		stream?.setEncoding("utf8").on("data", (text) => {
			output += text;
		});
	return { program, said: () => output };
}

/** Waits until a server answers. @throws with what it printed, where it ends before */
export async function answers(
	{ program, said }: Server,
	url: string,
): Promise<void> {
	for (;;) {
		const up = await fetch(url).then(
			({ ok }) => ok,
			() => false,
		);
		if (up) return;
		const { pid, exitCode, signalCode, spawnargs } = program;
		if (!pid || exitCode !== null || signalCode !== null)
			throw new Error(
				`${spawnargs.join(" ")} ended (${exitCode ?? signalCode}):\n${said()}`,
			);
		await sleep(100);
	}
}

/**
 * Where a new JupyterLab answers, and the options for it: a free port, no browser, and folders of its own, so that what one test has open, and
 * the theme that it chooses, are not found in another's or in the project's own JupyterLab.
 */
export async function labOptions() {
	const port = await anyPort();
	const token = "a-token-for-the-test";
	const folder = () => mkdtempSync(join(tmpdir(), "unrolled-"));
	return {
		token,
		url: (path: string) => `http://127.0.0.1:${port}/${path}`,
		options: [
			...["--no-browser", "--port", `${port}`],
			`--IdentityProvider.token=${token}`,
			`--LabApp.workspaces_dir=${folder()}`,
			`--LabApp.user_settings_dir=${folder()}`,
		],
	};
}

/** A learner's folder for tests, so that no test touches the real one. */
const work = join(project, "test/report/work");

/** `npm start -- --no-browser …`, once it answers. It leads a process group, as it does in a terminal. */
export async function startLab(...options: string[]): Promise<Lab> {
	return startLabIn(work, ...options);
}

/** The same with another folder for the learner's copies of the lessons. */
export async function startLabIn(
	work: string,
	...more: string[]
): Promise<Lab> {
	const { token, url, options } = await labOptions();
	const typed = ["start", "--silent", "--", ...options, ...more];
	const server = serve("npm", typed, {
		cwd: project,
		detached: true,
		env: { ...process.env, UNROLLED_LIFELINE: "yes", UNROLLED_WORK: work },
		stdio: "pipe",
	});
	async function ask(path: string, body?: object): Promise<unknown> {
		const response = await fetch(url(path), {
			method: body ? "POST" : "GET",
			headers: { authorization: `token ${token}` },
			body: body && JSON.stringify(body),
		});
		if (!response.ok) throw new Error(`${path}: ${response.status}`);
		return response.json();
	}
	await answers(server, url(`api/status?token=${token}`));
	return { npm: server.program, token, ask, url, said: server.said };
}

/** Every process: its id, its parent's, and its command. */
export function processes(): {
	pid: number;
	parent: number;
	command: string;
}[] {
	if (existsSync("/proc/self/stat")) {
		return readdirSync("/proc")
			.filter((name) => /^\d+$/.test(name))
			.flatMap((name) => {
				try {
					const stat = readFileSync(`/proc/${name}/stat`, "utf8");
					const [state, parent] = stat
						.slice(stat.lastIndexOf(")") + 2)
						.split(" ");
					const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
					if (state === "Z") return []; // ended, and only waited for
					return [
						{
							pid: Number(name),
							parent: Number(parent),
							command: command.replaceAll("\0", " "),
						},
					];
				} catch {
					return []; // ended meanwhile
				}
			});
	}
	const { stdout } = spawnSync(
		"ps",
		["-A", "-o", "pid=,ppid=,stat=,command="],
		{ encoding: "utf8" },
	);
	return stdout
		.split("\n")
		.map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
		.filter((found) => found !== null && !found[3].startsWith("Z"))
		.map((found) => ({
			pid: Number(found?.[1]),
			parent: Number(found?.[2]),
			command: found?.[4] ?? "",
		}));
}

/** A process and all that come from it. */
export function family(
	pid: number,
	all = processes(),
): ReturnType<typeof processes> {
	const own = all.filter((one) => one.pid === pid);
	const children = all.filter((one) => one.parent === pid);
	return [...own, ...children.flatMap((child) => family(child.pid, all))];
}

/** Waits until none of them is left; those that are after a while. */
export async function survivors(before: ReturnType<typeof processes>) {
	let left = before;
	for (let tries = 0; tries < 300 && left.length > 0; tries++) {
		await sleep(100);
		const now = processes();
		left = left.filter((one) =>
			now.some(
				(other) => other.pid === one.pid && other.command === one.command,
			),
		);
	}
	return left;
}
