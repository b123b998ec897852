import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Kernel, type StartOptions } from "./client.ts";
import { connectionIn, launch } from "./launch.ts";

const started: Kernel[] = [];
async function start(options?: StartOptions): Promise<Kernel> {
	const kernel = await Kernel.start(options);
	started.push(kernel);
	return kernel;
}
afterEach(() => Promise.all(started.splice(0).map((kernel) => kernel.stop())));

/** Begins a cell and waits until its code runs. */
async function begin(kernel: Kernel, code: string): Promise<string> {
	const id = kernel.begin(`console.log("begun");\n${code}`);
	const begun = () =>
		kernel.published.find(
			({ type, parent }) => type === "stream" && parent === id,
		);
	await kernel.until(begun, "beginning of the cell");
	return id;
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
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

const endless = {
	"a loop": "for (;;) n++",
	"a loop that prints": "for (;;) console.log(n++)",
	"a loop after an await":
		"await new Promise((done) => setTimeout(done, 10)); for (;;) n++",
	"awaits that never leave the microtasks": "for (;;) { await null; n++ }",
	"a promise that never settles": "n++; await new Promise(() => {})",
	"a wait of Atomics":
		"n++; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
	"a call into WebAssembly that never returns": `n++;
		const bytes = "0061736d010000000104016000000302010007050101660000 0a0901070003400c000b0b".replace(" ", "");
		const { instance } = await WebAssembly.instantiate(Buffer.from(bytes, "hex"));
		(instance.exports.f as () => void)();`,
	"a loop in a timer among others":
		"setTimeout(() => {}); setTimeout(() => { for (;;) n++ }); setTimeout(() => {}); await new Promise(() => {})",
	"a loop in an immediate among others":
		"setImmediate(() => {}); setImmediate(() => { for (;;) n++ }); setImmediate(() => {}); await new Promise(() => {})",
	"a loop in a tick among others":
		"process.nextTick(() => { for (;;) n++ }); process.nextTick(() => {}); await new Promise(() => {})",
	"a loop in a callback of the language's":
		"JSON.stringify({ toJSON() { for (;;) n++ } })",
};

test("an interrupt ends each kind of endless cell, and keeps the variables", async () => {
	const kernel = await start();
	for (const [name, code] of Object.entries(endless)) {
		const id = await begin(kernel, `var n = 0; ${code}`);
		await sleep(150);
		const reply = await kernel.request("control", "interrupt_request", {});
		expect(reply, name).toEqual({ status: "ok" });
		const { error } = await kernel.end(id);
		expect(error?.ename, name).toBe("Interrupted");
		const after = await kernel.run("n > 0");
		expect(after, name).toMatchObject({ error: undefined, text: "true" });
	}
});

test("interrupts by the hundred end cells and nothing else, and leave the kernel at rest", async () => {
	const kernel = await start();
	const codes = [...Object.values(endless), "n++", "throw new Error()"];
	for (let i = 0; i < 200; i++) {
		const id = kernel.begin(`var n = 0; ${codes[i % codes.length]}`);
		let over = false;
		const ended = kernel.end(id).finally(() => {
			over = true;
		});
		while (!over) {
			kernel.send("control", "interrupt_request", {});
			await Promise.race([ended, sleep((7 * i) % 60)]);
		}
	}
	await sleep(100);
	const { text } = await kernel.run(
		`const before = process.cpuUsage();
		await new Promise((done) => setTimeout(done, 500));
		const { user, system } = process.cpuUsage(before);
		(user + system) / 1e6`,
	);
	expect(Number(text)).toBeLessThan(0.25);
});

test("training over several threads can be interrupted, and goes on", async () => {
	const kernel = await start();
	await kernel.run(`
		import { adam, lstm, meanSquaredError, ones, random, unroll, zeros } from "unrolled";
		const model = unroll(lstm({ inputs: 64, hidden: 256, random: random(1) }));
		const optimiser = adam();
		const step = () => {
			const loss = meanSquaredError(model.apply(ones([64, 32, 64])), zeros([64, 32, 256]));
			loss.backward();
			optimiser.step(model.weights);
			return loss.item();
		};
		step();
		await new Promise((done) => setTimeout(done, 300)); // the other threads come up
		var n = 0`);
	let last = Number.POSITIVE_INFINITY;
	for (let i = 0; i < 5; i++) {
		const id = await begin(kernel, "for (;; n++) step()");
		await sleep(100 + 13 * i);
		await kernel.request("control", "interrupt_request", {});
		expect((await kernel.end(id)).error?.ename).toBe("Interrupted");
		const loss = Number((await kernel.run("step()")).text);
		expect(loss).toBeLessThan(last);
		last = loss;
	}
});

test("a value that takes for ever to show itself can be interrupted", async () => {
	const kernel = await start();
	for (const body of ["new Promise(() => {})", "{ for (;;); }"]) {
		const id = await begin(
			kernel,
			`({ [Symbol.for("Jupyter.display")]: () => ${body} })`,
		);
		await sleep(50);
		await kernel.request("control", "interrupt_request", {});
		expect((await kernel.end(id)).error?.ename, body).toBe("Interrupted");
	}
	expect((await kernel.run("'alive'")).text).toBe("'alive'");
});

test("a handler of a comm that loops can be interrupted, beside a cell that awaits", async () => {
	const kernel = await start();
	await kernel.run(
		'import { comms } from "@unrolled/kernel"; comms.register("loop", () => { for (;;); })',
	);
	for (const code of ["1", "await new Promise(() => {})"]) {
		const id = kernel.begin(code);
		await sleep(100);
		const open = { comm_id: code, target_name: "loop", data: {} };
		const opened = kernel.send("shell", "comm_open", open);
		await sleep(100);
		await kernel.request("control", "interrupt_request", {});
		const outputs = await kernel.outputs(opened);
		const printed = outputs.map(({ content }) => content.text ?? "").join("");
		expect(printed).toContain("Interrupted");
		await kernel.end(id);
	}
	expect((await kernel.run("'alive'")).text).toBe("'alive'");
});

test("what is interrupted before it began does not begin", async () => {
	const kernel = await start();
	await kernel.run(
		'import { comms } from "@unrolled/kernel"; comms.register("loop", () => { for (;;); })',
	);
	const id = await begin(kernel, "for (;;);");
	const open = { comm_id: "1", target_name: "loop", data: {} };
	const opened = kernel.send("shell", "comm_open", open);
	await sleep(100); // it waits behind the loop, and is read together with the interrupt
	await kernel.request("control", "interrupt_request", {});
	expect((await kernel.end(id)).error?.ename).toBe("Interrupted");
	const outputs = await kernel.outputs(opened);
	expect(outputs.map(({ content }) => content.text ?? "").join("")).toContain(
		"Interrupted",
	);
	expect((await kernel.run("'alive'")).text).toBe("'alive'");
});

test("interrupts while the kernel loads leave it whole", async () => {
	const kernel = await start();
	const id = kernel.begin("'first'");
	for (let i = 0; i < 20; i++) {
		await kernel.request("control", "interrupt_request", {});
		await sleep(30);
	}
	await kernel.end(id);
	expect((await kernel.run("'second'")).text).toBe("'second'");
	expect((await kernel.run("const n: string = 1")).error?.ename).toBe(
		"TypeScriptError",
	);
});

test("SIGINT ends a cell as well, and an idle kernel lives through both", async () => {
	const kernel = await start();
	for (const code of ["for (;;);", "await new Promise(() => {})"]) {
		const id = await begin(kernel, code);
		await sleep(100); // Node loses a signal that comes just as a script ends
		kernel.process.kill("SIGINT");
		expect((await kernel.end(id)).error?.ename).toBe("Interrupted");
	}
	kernel.process.kill("SIGINT");
	await kernel.request("control", "interrupt_request", {});
	await sleep(100);
	expect((await kernel.run("6 * 7")).text).toBe("42");
});

test("a loop that an earlier cell's timer began can be interrupted", async () => {
	const kernel = await start();
	const id = await begin(kernel, "setTimeout(() => { for (;;); }, 1000); 1");
	await kernel.end(id);
	await sleep(1200);
	const next = kernel.begin("'reached'");
	await sleep(100);
	await kernel.request("control", "interrupt_request", {});
	await kernel.end(next);
	expect((await kernel.run("'and alive'")).text).toBe("'and alive'");
});

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
			rmSync(folder, { recursive: true });
			expect(said).toBe(
				`[unrolled kernel] cannot listen at tcp://127.0.0.1:${connection[which]}: Address already in use\n`,
			);
			expect(status).toBe(1); // Jupyter tries other ports
		},
	);
});
