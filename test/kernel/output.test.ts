import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Kernel, type Received } from "./client.ts";

let kernel: Kernel;
beforeAll(async () => {
	kernel = await Kernel.start();
});
afterAll(() => kernel.stop());

const displays = (outputs: Received[]) =>
	outputs.filter(({ type }) => type.endsWith("display_data"));

describe("printing", () => {
	test("ten thousand prints in a loop arrive complete, in order and joined", async () => {
		const { stdout, outputs } = await kernel.run(
			"for (let i = 0; i < 10_000; i++) console.log(i)",
		);
		expect(stdout).toBe(
			Array.from({ length: 10_000 }, (_, i) => `${i}\n`).join(""),
		);
		expect(outputs.length).toBeLessThan(500);
	});

	test("a hundred megabytes arrive whole, and the cell ends with them", async () => {
		const { stdout, error } = await kernel.run(
			'const line = "x".repeat(999); for (let i = 0; i < 100_000; i++) console.log(line)',
		);
		expect(error).toBeUndefined();
		expect(stdout.length).toBe(100_000_000);
	});

	test("prints appear while a loop keeps the thread busy", async () => {
		const id = kernel.begin(
			"console.log('begun'); const from = Date.now(); while (Date.now() - from < 1500);",
		);
		await kernel.until(
			() =>
				kernel.published.find(
					({ parent, type }) => parent === id && type === "stream",
				),
			"print",
		);
		const idle = kernel.published.some(
			({ parent, content }) =>
				parent === id && content.execution_state === "idle",
		);
		expect(idle).toBe(false);
		await kernel.end(id);
	});

	test("appear at once though the cell before has just printed", async () => {
		kernel.begin("console.log('before')");
		const id = kernel.begin("console.log('begun'); for (;;);");
		await kernel.until(
			() =>
				kernel.published.find(
					({ parent, type }) => parent === id && type === "stream",
				),
			"print",
		);
		await kernel.request("control", "interrupt_request", {});
		await kernel.end(id);
	});

	test("stdout, stderr and displays keep their order", async () => {
		const { outputs } = await kernel.run(`
			import { display } from "@unrolled/kernel";
			console.log("one"); console.error("two"); display({ "text/plain": "three" }); console.log("four"); "five"`);
		const seen = outputs.map(
			({ content }) =>
				content.text ??
				(content.data as Record<string, string>)?.["text/plain"],
		);
		expect(seen.filter(Boolean)).toEqual([
			"one\n",
			"two\n",
			"three",
			"four\n",
			"'five'",
		]);
	});

	test("a letter cut in two by the bytes is put together", async () => {
		const { stdout } = await kernel.run(
			"const bytes = Buffer.from('é'); process.stdout.write(bytes.subarray(0, 1)); process.stdout.write(bytes.subarray(1))",
		);
		expect(stdout).toBe("é");
	});

	test("a letter whose other bytes never come is shown in its own cell", async () => {
		const first = kernel.begin(
			"process.stdout.write(Buffer.from('é').subarray(0, 1)); 1",
		);
		await kernel.end(first);
		const { stdout } = await kernel.run(
			"process.stdout.write(Buffer.from('x'))",
		);
		expect(stdout).toBe("x");
		const rest = kernel.published.find(
			({ content }) => content.text === "\ufffd",
		);
		expect(rest?.parent).toBe(first);
	});

	test("what a timer prints goes to the cell that set it", async () => {
		const first = kernel.begin("setTimeout(() => console.log('late'), 200); 1");
		await kernel.end(first);
		const second = kernel.begin(
			"await new Promise((done) => setTimeout(done, 500)); console.log('mine')",
		);
		expect((await kernel.end(second)).stdout).toBe("mine\n");
		const late = kernel.published.find(
			({ content }) => content.text === "late\n",
		);
		expect(late?.parent).toBe(first);
	});
});

describe("a page", () => {
	/** Runs a cell as JupyterLab does, which says which of its cells it is. */
	const runOfPage = (code: string) => kernel.run(code, {}, { cellId: "a" });
	const GAP = /\n… ([\d,]+) characters are left out here, [^\n]* …\n/g;
	const printed = (count: number) =>
		Array.from({ length: count }, (_, i) => `${i}\n`).join("");
	/** The characters shown and those said to be left out. */
	function account(text: string): number {
		const gaps = [...text.matchAll(GAP)];
		expect(gaps.length).toBeGreaterThan(0);
		return gaps.reduce(
			(sum, [line, count]) =>
				sum + Number(count.replaceAll(",", "")) - line.length,
			text.length,
		);
	}

	test("is shown the beginning and the end of a flood, and how much is left out", async () => {
		const { stdout } = await runOfPage(
			"for (let i = 0; i < 1_000_000; i++) console.log(i)",
		);
		expect(account(stdout)).toBe(printed(1_000_000).length);
		expect(stdout.startsWith(printed(30_000))).toBe(true);
		expect(stdout.endsWith("\n999998\n999999\n")).toBe(true);
		for (const line of stdout.replace(GAP, "").trimEnd().split("\n"))
			expect(line).toMatch(/^\d+$/);
	});

	test("is shown the beginning and the end of one long line", async () => {
		const { stdout } = await runOfPage(
			'process.stdout.write("<" + "x".repeat(10_000_000) + ">")',
		);
		expect(account(stdout)).toBe(10_000_002);
		expect(stdout).toMatch(/^<x+\n… [^\n]+ …\nx+>$/);
	});

	test("is shown both streams and displays in their order", async () => {
		const { outputs } = await runOfPage(`
			import { display } from "@unrolled/kernel";
			for (let i = 0; i < 100_000; i++) i % 2 ? console.error(i) : console.log(i);
			display({ "text/plain": "shown" });
			console.log("end")`);
		const texts = outputs.flatMap(({ type, content }) => {
			if (type === "stream") return [String(content.text)];
			return type === "display_data" ? ["shown\n"] : [];
		});
		const all = texts.join("");
		expect(account(all)).toBe(`${printed(100_000)}shown\nend\n`.length);
		expect(all.endsWith("\n99999\nshown\nend\n")).toBe(true);
		const numbers = all.match(/^\d+$/gm)?.map(Number) ?? [];
		expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
		for (const { type, content } of outputs)
			if (type === "stream" && !/end/.test(String(content.text)))
				for (const [line] of String(content.text).matchAll(/^\d+$/gm))
					expect(Number(line) % 2).toBe(content.name === "stderr" ? 1 : 0);
		expect(texts.length).toBeLessThan(1000);
	});

	test("is shown all where a cell asks for it", async () => {
		const { stdout } = await runOfPage(
			'process.env.UNROLLED_PRINTS = "all"; for (let i = 0; i < 200_000; i++) console.log(i); delete process.env.UNROLLED_PRINTS',
		);
		expect(stdout).toBe(printed(200_000));
	});

	test("is shown the end of a flood though the cell goes on", async () => {
		const id = kernel.begin(
			"for (let i = 0; i < 300_000; i++) console.log(i); await new Promise(() => {})",
			{},
			{ cellId: "a" },
		);
		const last = ({ content, parent }: Received) =>
			parent === id && String(content.text).endsWith("\n299999\n");
		await kernel.until(() => kernel.published.find(last), "end of the flood");
		await kernel.request("control", "interrupt_request", {});
		expect((await kernel.end(id)).error?.ename).toBe("Interrupted");
	});

	test.each([
		["in a loop", "for (let i = 0; ; i++) console.log(i)"],
		[
			"between waits",
			"for (let i = 0; ; i++) { console.log(i); await new Promise((done) => setImmediate(done)); }",
		],
	])(
		"stops a flood %s at once, and its last line and the error come behind it",
		async (_, code) => {
			const id = kernel.begin(code, {}, { cellId: "a" });
			const shown = ({ parent, type }: Received) =>
				parent === id && type === "stream";
			await kernel.until(
				() => kernel.published.filter(shown).at(3),
				"four batches of prints",
			);
			await kernel.request("control", "interrupt_request", {});
			const { error, outputs } = await kernel.end(id);
			expect(error?.ename).toBe("Interrupted");
			const types = outputs.map(({ type }) => type);
			expect(types.slice(-2)).toEqual(["error", "status"]);
		},
	);

	test("gets prints between waits in few messages", async () => {
		const { stdout, outputs } = await runOfPage(
			"for (let i = 0; i < 20_000; i++) { console.log(i); await new Promise((done) => setImmediate(done)); }",
		);
		expect(stdout).toBe(printed(20_000));
		expect(outputs.length).toBeLessThan(1000);
	});
});

describe("a text that a notebook can hold", () => {
	test.each([
		[
			"two prints",
			'process.stdout.write("a\\ud83d"); process.stdout.write("\\ude00b")',
			"a😀b",
		],
		[
			"prints of single units",
			'for (const unit of "a😀b😀".split("")) process.stdout.write(unit)',
			"a😀b😀",
		],
		[
			"prints with a wait between them",
			'for (const unit of "a😀b".split("")) { process.stdout.write(unit); await new Promise((done) => setTimeout(done, 60)); }',
			"a😀b",
		],
		[
			"a loop longer than a message",
			'for (let n = 0; n < 100_000; n++) { process.stdout.write("\\ud83d"); process.stdout.write("\\ude00"); }',
			"😀".repeat(100_000),
		],
		[
			"lines of single units",
			'for (const unit of "a😀".split("")) console.log(unit)',
			"a\n\ufffd\n\ufffd\n",
		],
		["half a pair at the end", 'process.stdout.write("a\\ud83d")', "a\ufffd"],
		[
			"half a pair before another stream",
			'process.stdout.write("\\ud83d"); console.error("x"); process.stdout.write("\\ude00")',
			"\ufffd\ufffd",
		],
		[
			"a backslash before what looks like half a pair",
			'process.stdout.write("\\\\ud83d \\\\\\ud83d.")',
			"\\ud83d \\\ufffd.",
		],
	])("%s", async (_, code, printed) => {
		expect((await kernel.run(code)).stdout).toBe(printed);
	});

	test("is all that leaves the kernel", async () => {
		const half = '"\\ud83d"';
		const all = [
			await kernel.run(`${half} + "x"`),
			await kernel.run(`({ [${half}]: 1, "text/plain": ${half} })`),
			await kernel.run(
				`throw Object.assign(new Error(${half}), { name: ${half}, [${half}]: ${half} })`,
			),
			await kernel.run(`throw ${half}`),
			await kernel.run("null", { user_expressions: { x: half } }),
			await kernel.run(`
				import { display, html, page } from "@unrolled/kernel";
				display(html(${half}), { id: ${half}, metadata: { [${half}]: ${half} } });
				page(${half});
				comms.open(${half}, { data: { x: ${half} }, metadata: { y: ${half} } }).close();
				console.error(${half});`),
		];
		for (const { outputs, reply } of all) {
			// JSON escapes half of a pair, and nothing else that has these letters
			const text = JSON.stringify([outputs, reply]).replaceAll("\\\\", "");
			expect(text).not.toMatch(/\\ud[89a-f]/);
		}
		expect(JSON.stringify(all).match(/\ufffd/g)?.length).toBeGreaterThan(9);
	});
});

describe("prints by other ways", () => {
	const bytes = "Buffer.from('<é>')";
	test.each([
		["writeSync", `fs.writeSync(1, "é")`, "é"],
		["writeSync of bytes", `fs.writeSync(1, ${bytes})`, "<é>"],
		["writeSync of a part", `fs.writeSync(1, ${bytes}, 1, 2)`, "é"],
		[
			"writeSync by name",
			`(fs.writeSync as any)(1, ${bytes}, { offset: 1, length: 2 })`,
			"é",
		],
		["writeSync in base64", `fs.writeSync(1, "w6k=", null, "base64")`, "é"],
		["writevSync", `fs.writevSync(1, [${bytes}, ${bytes}])`, "<é><é>"],
		["writeFileSync", `fs.writeFileSync(1, "é")`, "é"],
		["appendFileSync", `fs.appendFileSync(1, "é", { encoding: "utf8" })`, "é"],
		["a path", `fs.writeFileSync("/dev/stdout", "é")`, "é"],
		[
			"an opened path",
			`const fd = fs.openSync("/dev/fd/1", "a"); fs.writeSync(fd, "é"); fs.closeSync(fd)`,
			"é",
		],
		[
			"write",
			`await new Promise<void>((done) => fs.write(1, "é", (error, bytes) => { fs.write(1, String(bytes), () => done()); }))`,
			"é2",
		],
		[
			"a promise of write",
			`const { bytesWritten } = await promisify(fs.write)(1, ${bytes}); console.log(bytesWritten)`,
			"<é>4\n",
		],
		[
			"writeFile",
			`await new Promise((done) => fs.writeFile(1, "é", done))`,
			"é",
		],
		[
			"a stream",
			`await new Promise((done) => fs.createWriteStream("", { fd: 1 }).end("é", () => done(0)))`,
			"é",
		],
		[
			"end",
			`process.stdout.end("é"); process.stdout.end(); console.log("after")`,
			"éafter\n",
		],
		[
			"end with an encoding",
			`await new Promise<void>((done) => process.stdout.end("w6k=", "base64", done))`,
			"é",
		],
		[
			"end of nothing",
			`await new Promise<void>((done) => process.stdout.end(done)); console.log("after")`,
			"after\n",
		],
		[
			"a pipeline",
			`await pipeline(Readable.from(["a", "é"]), process.stdout); console.log("!")`,
			"aé!\n",
		],
		[
			"a pipe",
			`await new Promise((done) => Readable.from(["é"]).on("end", done).pipe(process.stdout))`,
			"é",
		],
		["hexadecimal", `process.stdout.write("c3a9", "hex")`, "é"],
	])("%s", async (_, code, printed) => {
		const { stdout, error } = await kernel.run(
			`import fs from "node:fs"; import { Readable } from "node:stream"; import { pipeline } from "node:stream/promises"; import { promisify } from "node:util";\n{ ${code} }`,
		);
		expect(error).toBeUndefined();
		expect(stdout).toBe(printed);
		expect((await kernel.run("console.log('still')")).stdout).toBe("still\n");
	});

	test("stderr is apart, files are files", async () => {
		const { stdout, stderr, text } = await kernel.run(`
			import { mkdtempSync, openSync, readFileSync, writeSync } from "node:fs";
			import { tmpdir } from "node:os";
			writeSync(2, "two");
			const path = mkdtempSync(tmpdir() + "/unrolled-fd-") + "/file";
			writeSync(openSync(path, "w"), "in a file");
			readFileSync(path, "utf8")`);
		expect([stdout, stderr, text]).toEqual(["", "two", "'in a file'"]);
	});

	test("console.group ends with its cell, also when that throws", async () => {
		const { stdout } = await kernel.run(
			"console.group('a'); console.groupCollapsed('b'); console.log('c'); throw 1",
		);
		expect(stdout).toBe("a\n  b\n    c\n");
		const next = await kernel.run(
			"console.log('d'); console.group('e'); console.log('f'); console.groupEnd(); console.log('g')",
		);
		expect(next.stdout).toBe("d\ne\n  f\ng\n");
	});
});

describe("a value with Jupyter.display", () => {
	test("is shown by the bundle it gives, bytes in base64", async () => {
		const { outputs } = await kernel.run(
			'({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>x</b>", "image/png": new Uint8Array([1, 2, 3]) }) })',
		);
		const result = outputs.find(({ type }) => type === "execute_result");
		expect(result?.content.data).toEqual({
			"text/html": "<b>x</b>",
			"image/png": "AQID",
		});
	});

	test("may give a promise", async () => {
		const { text } = await kernel.run(
			'({ [Symbol.for("Jupyter.display")]: async () => ({ "text/plain": "in time" }) })',
		);
		expect(text).toBe("in time");
	});

	test("fails its cell when it throws", async () => {
		const { error } = await kernel.run(
			'({ [Symbol.for("Jupyter.display")]() { throw new RangeError("no picture") } })',
		);
		expect(error).toMatchObject({ ename: "RangeError", evalue: "no picture" });
	});
});

describe("display", () => {
	test("updates an id in place, in the middle of a busy loop", async () => {
		const id = kernel.begin(`
			import { display } from "@unrolled/kernel";
			for (let i = 0; i < 3; i++) {
				display({ "text/plain": String(i) }, { id: "loop" });
				for (const from = Date.now(); Date.now() - from < 300; );
			}`);
		await kernel.until(() => {
			const seen = displays(kernel.published).filter(
				({ parent }) => parent === id,
			);
			return seen.length === 2 ? seen : undefined;
		}, "second display");
		const { outputs } = await kernel.end(id);
		const seen = displays(outputs);
		expect(seen.map(({ type }) => type)).toEqual([
			"display_data",
			"update_display_data",
			"update_display_data",
		]);
		for (const { content } of seen) {
			expect(content.transient).toEqual({ display_id: "loop" });
		}
	});

	test("from another cell updates too, and the same cell run again begins anew", async () => {
		const show =
			"import { display } from '@unrolled/kernel'; display('x', { id: 'cells' })";
		const run = async (cellId: string) =>
			displays((await kernel.run(show, {}, { cellId })).outputs)[0].type;
		expect(await run("A")).toBe("display_data");
		expect(await run("B")).toBe("update_display_data");
		expect(await run("A")).toBe("display_data");
	});

	test("waits for a promised bundle before the cell ends, awaited or not", async () => {
		const { outputs } = await kernel.run(`
			import { display } from "@unrolled/kernel";
			display({ [Symbol.for("Jupyter.display")]: () =>
				new Promise((done) => setTimeout(() => done({ "text/plain": "made" }), 100)) });
			1`);
		expect(displays(outputs)[0].content.data).toEqual({ "text/plain": "made" });
	});

	test("works as in stock tslab", async () => {
		const { outputs } = await kernel.run(`
			import * as tslab from "tslab";
			tslab.display.html("<i>k</i>");
			const box = tslab.newDisplay();
			box.text("before");
			box.text("after");`);
		const seen = displays(outputs);
		expect(seen.map(({ type, content }) => [type, content.data])).toEqual([
			["display_data", { "text/html": "<i>k</i>" }],
			["display_data", { "text/plain": "before" }],
			["update_display_data", { "text/plain": "after" }],
		]);
		expect(seen[1].content.transient).toEqual(seen[2].content.transient);
	});
});
