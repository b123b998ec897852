/** Starting a kernel process for the tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { project } from "../../.setup/places.mjs";
import { steps } from "../../.setup/steps.mjs";
import { kernelSpec } from "../../kernel/dist/install.js";
import type { Connection } from "../../kernel/protocol/threads.ts";

/** The repository, where packages of the workspaces resolve. */
export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

// Vitest alone builds nothing, and a kernel that lacks the change under test fails in ways that say nothing of it.
if (
	!steps(project, process.env)
		.find(({ name }) => name === "build")
		?.done()
)
	console.warn(
		"The kernel was built before the last change of lib, datasets or kernel: npm run build builds it anew.",
	);

/**
 * Ports that nobody listens at: between this and the kernel's own listening another could take them, so they lie below those that
 * systems hand out, and each of Vitest's workers looks among its own.
 */
async function freePorts(count: number): Promise<number[]> {
	const first = 10_000 + (Number(process.env.VITEST_POOL_ID ?? 0) % 16) * 1000;
	const ports = new Set<number>();
	while (ports.size < count) {
		const port = first + Math.floor(Math.random() * 1000);
		if (await isFree(port)) ports.add(port);
	}
	return [...ports];
}

const isFree = (port: number) =>
	new Promise<boolean>((found) => {
		const server = createServer()
			.once("error", () => found(false))
			.listen(port, "127.0.0.1", () => server.close(() => found(true)));
	});

/** How to start a kernel. */
export interface StartOptions {
	directory?: string;
	key?: string;
	transport?: "tcp" | "ipc";
	/** Where the kernel keeps its history; a folder of its own if nothing is said. */
	state?: string;
	/** What NODE_OPTIONS says to the kernel. */
	nodeOptions?: string;
	/** The folder of another installation of the kernel. */
	installation?: string;
	/** Starts the kernel through another program: `[program, …arguments]` come before node. */
	through?: string[];
}

/** A connection file's content, with ports that are free now. */
export async function connectionIn(
	folder: string,
	options: StartOptions,
): Promise<Connection> {
	const transport = options.transport ?? "tcp";
	const [shell, iopub, stdin, control, hb] = await freePorts(5);
	return {
		transport,
		ip: transport === "ipc" ? join(folder, "ipc") : "127.0.0.1",
		key: options.key ?? randomUUID(),
		signature_scheme: "hmac-sha256",
		shell_port: shell,
		iopub_port: iopub,
		stdin_port: stdin,
		control_port: control,
		hb_port: hb,
	};
}

/** Where a socket of a kernel is. */
export const addressOf = (
	{ transport, ip }: Connection,
	port: number,
): string => `${transport}://${ip}${transport === "ipc" ? "-" : ":"}${port}`;

/** Starts the built kernel as its kernelspec says. */
export function launch(
	connection: Connection,
	folder: string,
	options: StartOptions,
): ChildProcess {
	const file = join(folder, "connection.json");
	writeFileSync(file, JSON.stringify(connection));
	const { argv, env } = kernelSpec("");
	const own = join(REPOSITORY, "kernel");
	const [program, ...more] = [
		...(options.through ?? []),
		...argv.map((each) =>
			each === "{connection_file}"
				? file
				: each.replace(own, options.installation ?? own),
		),
	];
	return spawn(program, more, {
		cwd: options.directory ?? REPOSITORY,
		stdio: ["ignore", "pipe", "pipe"],
		env: {
			...process.env,
			...env,
			UNROLLED_HISTORY: join(options.state ?? folder, "history.jsonl"),
			NODE_OPTIONS: options.nodeOptions ?? "",
		},
	});
}
