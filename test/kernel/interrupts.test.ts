import { expect, test } from "vitest";
import { begin, sleep, start } from "./running.ts";

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

/** Loops that wait by themselves, as `fit` does. */
const waits = {
	"an immediate": "await new Promise((done) => setImmediate(done))",
	"a timer": "await new Promise((done) => setTimeout(done, 1))",
	"an interval":
		"await new Promise((done) => { const id = setInterval(() => { clearInterval(id); done(0); }, 1); })",
	"a promised immediate":
		'await (await import("node:timers/promises")).setImmediate()',
	"a promised timer":
		'await (await import("node:util")).promisify(setTimeout)(1)',
};

test("an interrupted loop that waits does not run on unseen, and timers of other cells do", async () => {
	const kernel = await start();
	await kernel.run("var beats = 0; setInterval(() => beats++, 5); 0");
	for (const [name, wait] of Object.entries(waits)) {
		const id = await begin(kernel, `var n = 0; for (;;) { n++; ${wait}; }`);
		await sleep(100);
		await kernel.request("control", "interrupt_request", {});
		await kernel.end(id);
		const after =
			"var [n0, b0] = [n, beats]; await new Promise((done) => setTimeout(done, 100)); [n > 0, n - n0, beats > b0]";
		expect((await kernel.run(after)).text, name).toBe("[ true, 0, true ]");
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
