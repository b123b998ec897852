import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { connectionIn, launch } from "./launch.ts";
import { begin, sleep, start } from "./running.ts";

/** Whether a process runs; one that is dead and not yet buried does not. */
const alive = (pid: number) => {
	const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], {
		encoding: "utf8",
	});
	return /^[^Z]/.test(stdout.trim());
};
async function dies(pid: number): Promise<boolean> {
	for (let i = 0; i < 200 && alive(pid); i++) await sleep(50);
	return !alive(pid);
}

describe("a cell cannot end the kernel", () => {
	test.each([
		["process.exit(3)", "would end the kernel"],
		["process.abort()", "would end the kernel"],
		["const deep = (): number => 1 + deep(); deep()", "call stack"],
	])("by %s", async (code, evalue) => {
		const kernel = await start();
		expect((await kernel.run(code)).error?.evalue).toContain(evalue);
		expect((await kernel.run("'alive'")).text).toBe("'alive'");
	});

	test("by running out of memory", async () => {
		const kernel = await start({ nodeOptions: "--max-old-space-size=800" });
		const { error } = await kernel.run(
			`const kept: number[][] = [];
			for (;;) {
				kept.push(new Array(10_000).fill(0.5));
				for (const from = performance.now(); performance.now() < from + 0.3; );
			}`,
		);
		expect(error?.ename).toBe("OutOfMemory");
		await kernel.run("kept.length = 0");
		expect((await kernel.run("'alive'")).text).toBe("'alive'");
	});
});

test("what child processes print appears in their cell", async () => {
	const kernel = await start();
	const { stdout, stderr } = await kernel.run(`
		import { execSync, spawn, spawnSync } from "node:child_process";
		const inherit = { stdio: "inherit" } as const;
		execSync("echo one; echo two >&2", inherit);
		spawnSync("echo", ["three"], inherit);
		const child = spawn("echo", ["four"], inherit);
		await new Promise((done) => child.on("close", done));
		console.log(execSync("echo five").toString().length)`);
	expect(stdout).toBe("one\nthree\nfour\n5\n");
	expect(stderr).toBe("two\n");
});

test("heartbeat and control answer while a loop runs", async () => {
	const kernel = await start();
	const id = kernel.begin(
		"for (const from = Date.now(); Date.now() - from < 1000; );",
	);
	expect(await kernel.beat("alive?")).toBe("alive?");
	const info = await kernel.request("control", "kernel_info_request", {});
	expect(info.status).toBe("ok");
	expect(
		kernel.published.filter(({ parent }) => parent === id),
	).not.toContainEqual(
		expect.objectContaining({ content: { execution_state: "idle" } }),
	);
	await kernel.end(id);
});

describe("the kernel ends", () => {
	test("when it is asked to, a timer and a child process pending", async () => {
		const kernel = await start();
		const { text } = await kernel.run(
			'setInterval(() => {}, 1000); require("node:child_process").spawn("sleep", ["60"]).pid',
		);
		const reply = await kernel.request("control", "shutdown_request", {
			restart: false,
		});
		expect(reply).toEqual({ status: "ok", restart: false });
		expect(await kernel.ended()).toBe(0);
		expect(await dies(Number(text))).toBe(true);
	});

	test("when it is asked to in the middle of a loop", async () => {
		const kernel = await start();
		await begin(kernel, "for (;;);");
		await kernel.request("control", "shutdown_request", { restart: true });
		await kernel.ended();
	});

	test("at SIGTERM", async () => {
		const kernel = await start();
		kernel.process.kill("SIGTERM");
		expect(await kernel.ended()).toBe(0);
	});

	test("with the one that started it", async () => {
		// a shell that starts the kernel, says its process id and waits to be killed
		const kernel = await start({
			through: ["sh", "-c", '"$@" & echo $!; wait', "sh"],
		});
		const { text } = await kernel.run("process.pid");
		const pid = Number(text);
		expect(pid).not.toBe(kernel.process.pid);
		await begin(kernel, "for (;;);");
		kernel.process.kill("SIGKILL");
		expect(await dies(pid)).toBe(true);
	});

	test.each(["shell_port", "iopub_port", "hb_port"] as const)(
		"with a sentence when somebody else listens at its %s",
		async (which) => {
			const folder = mkdtempSync(join(tmpdir(), "unrolled-taken-"));
			const connection = await connectionIn(folder, {});
			const other = createServer().listen(connection[which], "127.0.0.1");
			await once(other, "listening");
			const kernel = launch(connection, folder, {});
			let said = "";
			kernel.stderr?.on("data", (data) => {
				said += data;
			});
			const [status] = await once(kernel, "close");
			other.close();
			expect(said).toBe(
				`[unrolled kernel] cannot listen at tcp://127.0.0.1:${connection[which]}: Address already in use\n`,
			);
			expect(status).toBe(1); // Jupyter tries other ports
		},
	);
});
