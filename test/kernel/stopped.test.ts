import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Kernel, REPOSITORY } from "./client.ts";
import { begin, sleep, start } from "./running.ts";
import { EARLIER, FILES, ways } from "./ways.ts";

/** A kernel in a folder with the local modules, in which the earlier cell has run. */
async function kernelWithPast(): Promise<Kernel> {
	const directory = join(REPOSITORY, "test/report/ways");
	mkdirSync(directory, { recursive: true });
	for (const [name, text] of Object.entries(FILES))
		writeFileSync(join(directory, name), text);
	const kernel = await Kernel.start({ directory });
	expect((await kernel.run(EARLIER)).error).toBeUndefined();
	return kernel;
}

const stop = (kernel: Kernel) =>
	kernel.request("control", "interrupt_request", {});

/** What the cells have counted by now. */
async function counts(kernel: Kernel): Promise<Record<string, number>> {
	const { text } = await kernel.run("JSON.stringify(count)");
	return JSON.parse(String(text).slice(1, -1));
}

const all = Object.entries(ways);
const halves = [0, 1].map((half) => ({
	half,
	cells: all.filter((_, at) => at % 2 === half),
}));

test.concurrent.for(halves)(
	"what is stopped is dead, however it waits or loops, and what earlier cells began goes on ($half)",
	{ timeout: 120_000 },
	async ({ cells: half }, { expect, onTestFinished }) => {
		const kernel = await kernelWithPast();
		onTestFinished(() => kernel.stop());
		const wrong: string[] = [];
		for (const [at, [name, code]] of half.entries()) {
			const mine = `n${at}`;
			await kernel.run(`count.n = count.${mine} = 0`);
			const id = await begin(
				kernel,
				code.replaceAll("count.n", `count.${mine}`),
			).catch((error) => {
				throw new Error(`${name}: ${error.message}`);
			});
			await sleep(100);
			await stop(kernel);
			const { error } = await kernel.end(id);
			if (error?.ename !== "Interrupted")
				wrong.push(`${name}: ${error?.evalue ?? "was not interrupted"}`);
		}
		await sleep(100);
		const before = await counts(kernel);
		await sleep(2000);
		await kernel.outputs(
			kernel.send("shell", "comm_open", {
				comm_id: "1",
				target_name: "handler",
				data: {},
			}),
		);
		await kernel.run("await (await fetch(url)).text()");
		const after = await counts(kernel);
		for (const [at, [name]] of half.entries()) {
			const [then, now] = [before, after].map((count) => count[`n${at}`]);
			if (then !== now) wrong.push(`${name}: ${then}, and later ${now}`);
		}
		expect(after.n).toBe(before.n);
		expect(wrong).toEqual([]);
		for (const alive of ["interval", "requests", "printed", "handled"])
			expect(after[alive], alive).toBeGreaterThan(before[alive]);
	},
);

test("`finally` blocks of what is stopped have their turn, the inner ones first, before the cell ends", async () => {
	const kernel = await start();
	await kernel.run("const said: string[] = []");
	const id = await begin(
		kernel,
		`const end = (name: string) => { said.push(name); console.log(name) };
		async function inner() { try { await new Promise(() => {}) } finally { end("inner") } }
		async function* steps() { try { yield await inner() } finally { end("steps") } }
		try { for await (const _ of steps()); } finally { end("cell") }
		said.push("never")`,
	);
	await sleep(50);
	await stop(kernel);
	const { stdout, error } = await kernel.end(id);
	expect(error?.ename).toBe("Interrupted");
	expect(stdout).toBe("begun\ninner\nsteps\ncell\n");
	await sleep(100);
	expect((await kernel.run("said.join()")).text).toBe("'inner,steps,cell'");
});

test("training that is stopped and run again trains once", async () => {
	const kernel = await start();
	await kernel.run(`
		import { adam, fit, lstm, meanSquaredError, ones, random, unroll, zeros } from "unrolled";
		const seen = { steps: 0 };
		const model = unroll(lstm({ inputs: 2, hidden: 3, random: random(1) }));
		const loss = () => { seen.steps++; return meanSquaredError(model.apply(ones([4, 2, 2])), zeros([4, 2, 3])) };`);
	const train =
		"let mine = 0; seen.steps = 0; for await (const _ of fit(loss, { weights: model.weights, optimiser: adam(), steps: 1e9 })) mine++;";
	for (let run = 0; run < 3; run++) {
		const id = await begin(kernel, train);
		await sleep(100);
		await stop(kernel);
		await kernel.end(id);
	}
	const { text } = await kernel.run("seen.steps - mine");
	expect(["0", "1"]).toContain(text); // the last step may have had its loss only
});

test("an error that ends a cell from outside ends what it waits for", async () => {
	const kernel = await start();
	await kernel.run("let n = 0;");
	const { error } = await kernel.run(
		"setTimeout(() => { throw new Error('late') }, 20); for (;;) { n++; await new Promise((done) => setTimeout(done, 2)) }",
	);
	expect(error?.evalue).toBe("late");
	const { text } = await kernel.run("n");
	await sleep(200);
	expect((await kernel.run("n")).text).toBe(text);
});

test("what a stopped cell had unreferenced goes on, and the rest ends", async () => {
	const kernel = await start();
	const id = await begin(
		kernel,
		"let kept = 0, ended = 0; setInterval(() => kept++, 5).unref(); setInterval(() => ended++, 5); await new Promise(() => {})",
	);
	await sleep(100);
	await stop(kernel);
	await kernel.end(id);
	const before = (await kernel.run("[kept, ended]")).text;
	await sleep(300);
	const [[kept, ended], [later, still]] = [
		before,
		(await kernel.run("[kept, ended]")).text,
	].map((text) => JSON.parse(String(text)));
	expect(later).toBeGreaterThan(kept);
	expect(still).toBe(ended);
});

test("a loop in the interval of a cell that has ended ends that interval", async () => {
	const kernel = await start();
	await kernel.run("let n = 0; setInterval(() => n++, 5);");
	await kernel.run("setInterval(() => { for (;;); }, 300); 1");
	await sleep(1500);
	const id = kernel.begin("'reached'");
	await sleep(50);
	await stop(kernel);
	await kernel.end(id);
	const text = (await kernel.run("n")).text;
	await sleep(700);
	expect(Number((await kernel.run("n")).text)).toBeGreaterThan(Number(text));
});

test("what was cut short while it was loaded is loaded anew", async () => {
	const directory = join(REPOSITORY, "test/report/halves");
	mkdirSync(directory, { recursive: true });
	writeFileSync(
		join(directory, "slow.ts"),
		`export const early = 1;
if (!(globalThis as { ready?: boolean }).ready) for (;;);
export const late = 2;`,
	);
	writeFileSync(
		join(directory, "slow.cjs"),
		`exports.early = 1;
if (!globalThis.ready) for (;;);
exports.late = 2;`,
	);
	const kernel = await start({ directory });
	for (const load of [
		'import * as a from "./slow.ts"; a.late',
		'require("./slow.cjs").late',
	]) {
		const id = await begin(kernel, `(globalThis as any).ready = false;`);
		await kernel.end(id);
		const loading = kernel.begin(load);
		await sleep(1000);
		await stop(kernel);
		expect((await kernel.end(loading)).error?.ename).toBe("Interrupted");
		await kernel.run("(globalThis as any).ready = true");
		expect((await kernel.run(load)).text).toBe("2");
	}
});

/** Types that take the compiler many seconds. */
const heavy = `type D = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
type N = \`\${D}\${D}\${D}\${D}\`;
declare function without<T extends N>(x: T): Exclude<N, T>;
type Pair<A extends N> = A extends N ? [A, Exclude<N, A>] : never;
declare const pair: Pair<N>;`;

test.each([
	["completion", "complete_request", `${heavy}\npair.`],
	[
		"inspection",
		"inspect_request",
		`${heavy}\nconst second = pair[1];\nsecond`,
	],
])(
	"%s of code that takes long can be stopped, alone and beside a cell",
	async (_, type, code) => {
		const kernel = await start();
		await kernel.run("let kept = { a: 1 };");
		for (const beside of ["", "await new Promise(() => {})"]) {
			const cell = beside && (await begin(kernel, beside));
			const content = { code, cursor_pos: code.length };
			const asked = kernel.send("shell", type, content);
			await sleep(1000);
			await stop(kernel);
			expect((await kernel.reply(asked)).content).toMatchObject({
				status: "error",
				ename: "Interrupted",
			});
			await kernel.outputs(asked);
			if (cell) await kernel.end(cell);
			expect((await kernel.run("kept.a")).text).toBe("1");
			const again = { code: "kept.", cursor_pos: 5 };
			const { matches } = await kernel.request(
				"shell",
				"complete_request",
				again,
			);
			expect(matches).toEqual(["a"]);
		}
	},
);

test("a cell can be stopped while it is compiled, and the compiler is whole after it", async () => {
	const kernel = await start();
	await kernel.run(
		'import { lstm } from "unrolled"; let kept: { a: number } = { a: 1 }; function double(x: number) { return x * 2 }',
	);
	const line = (i: number) =>
		`var v${i} = ((a: number) => ({ b: a + ${i}, c: [a].map((x) => x * ${i}) }))(${i});`;
	const slow = {
		types: `${heavy}
			const some: Exclude<N, "1234"> & Exclude<N, "4321"> = without("1234") as never;
			const all: Pair<N> = pair; all;`,
		length: Array.from({ length: 60_000 }, (_, i) => line(i)).join("\n"),
	};
	for (const [name, code] of Object.entries(slow)) {
		const id = kernel.begin(code);
		await sleep(1000);
		await stop(kernel);
		expect((await kernel.end(id)).error?.ename, name).toBe("Interrupted");
		const { text } = await kernel.run("double(kept.a) + typeof lstm");
		expect(text, name).toBe("'2function'");
		const { error } = await kernel.run("kept.a = 'text'");
		expect(error?.ename, name).toBe("TypeScriptError");
	}
});
