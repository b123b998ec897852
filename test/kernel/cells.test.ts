import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Kernel } from "./client.ts";

let kernel: Kernel;
beforeAll(async () => {
	kernel = await Kernel.start();
});
afterAll(() => kernel.stop());

const types = (outputs: { type: string }[]) => outputs.map(({ type }) => type);

test("the value of the last expression is an execute_result", async () => {
	const { outputs, reply, text } = await kernel.run("const a = 20;\na + 22");
	expect(types(outputs)).toEqual([
		"status",
		"execute_input",
		"execute_result",
		"status",
	]);
	expect(text).toBe("42");
	expect(reply.status).toBe("ok");
	expect(outputs[1].content.code).toBe("const a = 20;\na + 22");
	expect(outputs[1].content.execution_count).toBe(reply.execution_count);
	expect(outputs[2].content.execution_count).toBe(reply.execution_count);
});

test("undefined is no result, null is one", async () => {
	expect((await kernel.run("undefined")).text).toBeUndefined();
	expect((await kernel.run("const nothing = 1")).text).toBeUndefined();
	expect((await kernel.run("null")).text).toBe("null");
});

test("a promise as the last value is shown as one", async () => {
	const { text } = await kernel.run("const open = new Promise(() => {}); open");
	expect(text).toBe("Promise { <pending> }");
});

test("cells share their variables and types, and may declare them again", async () => {
	await kernel.run("interface Point { x: number }\nlet p: Point = { x: 1 };");
	await kernel.run("p.x += 1; const q: Point = p;");
	expect((await kernel.run("q.x")).text).toBe("2");
	await kernel.run("const q = 'a text now'");
	expect((await kernel.run("q.length")).text).toBe("10");
});

test("a cell may wait, and loop over what comes later", async () => {
	const { stdout, text } = await kernel.run(`
		async function* numbers() { for (let i = 0; i < 3; i++) { await null; yield i; } }
		for await (const n of numbers()) console.log(n);
		await Promise.resolve("done")`);
	expect(stdout).toBe("0\n1\n2\n");
	expect(text).toBe("'done'");
});

test("silent cells show nothing and are not counted", async () => {
	const before = (await kernel.run("1")).reply.execution_count as number;
	const { outputs, reply } = await kernel.run("console.log('quiet'); 5", {
		silent: true,
	});
	expect(types(outputs)).toEqual(["status", "status"]);
	expect(reply.execution_count).toBe(before);
	const { outputs: error } = await kernel.run("throw 1", { silent: true });
	expect(types(error)).toEqual(["status", "status"]);
	expect(
		(await kernel.run("1", { store_history: false })).reply.execution_count,
	).toBe(before);
	expect((await kernel.run("1")).reply.execution_count).toBe(before + 1);
});

test("a cell that is not to be stored is in no history", async () => {
	await kernel.run("'a secret'", { store_history: false });
	await kernel.run("'no secret'");
	const { history } = await kernel.request("shell", "history_request", {
		hist_access_type: "tail",
		n: 2,
	});
	const codes = (history as [number, number, string][]).map(
		([, , code]) => code,
	);
	expect(codes.at(-1)).toBe("'no secret'");
	expect(codes).not.toContain("'a secret'");
});

test.each([
	[
		"a request of the shell",
		() => kernel.send("shell", "is_complete_request", { code: "1" }),
	],
	[
		"a request of the control channel",
		() => kernel.send("control", "list_subshell_request", {}),
	],
	[
		"a cell of a subshell",
		(subshell: string) =>
			kernel.send(
				"shell",
				"execute_request",
				{ code: "1" },
				{ header: { subshell_id: subshell } },
			),
	],
])(
	"while a cell runs, the kernel says that it is busy after %s",
	async (_, ask) => {
		const made = await kernel.request("control", "create_subshell_request", {});
		const id = kernel.begin(
			"await new Promise((done) => setTimeout(done, 1500))",
		);
		await kernel.until(
			() => kernel.published.find(({ parent }) => parent === id),
			"busy",
		);
		const asked = ask(String(made.subshell_id));
		await kernel.outputs(asked);
		await kernel.end(id);
		const states = kernel.published
			.filter(
				({ type, parent }) => type === "status" && [id, asked].includes(parent),
			)
			.map(({ parent, content }) => [parent === id, content.execution_state]);
		expect(states).toEqual([
			[true, "busy"],
			[false, "busy"],
			[false, "idle"],
			[true, "busy"],
			[true, "idle"],
		]);
	},
);

test("what code of two cells prints in turn goes to each its own", async () => {
	const first = kernel.begin(`import { AsyncResource } from "node:async_hooks";
const say = AsyncResource.bind((text: string) => console.log(text));`);
	await kernel.end(first);
	const { stdout } = await kernel.run(
		'console.log("second"); say("first"); console.log("second again"); say("first again")',
	);
	expect(stdout).toBe("second\nsecond again\n");
	const printed = kernel.published
		.filter(({ type, parent }) => type === "stream" && parent === first)
		.map(({ content }) => content.text);
	expect(printed.join("")).toBe("first\nfirst again\n");
});

test("user expressions give bundles, or errors of their own", async () => {
	const { reply } = await kernel.run("const u = 3", {
		user_expressions: { good: "u * 2", bad: "nowhere" },
	});
	expect(reply.status).toBe("ok");
	expect(reply.user_expressions).toMatchObject({
		good: { status: "ok", data: { "text/plain": "6" } },
		bad: { status: "error", ename: "TypeScriptError" },
	});
});

test("export before a declaration changes nothing", async () => {
	const { text } = await kernel.run(
		"export const shared = 1;\nexport function twice(x: number) { return 2 * x }\nexport default class Thing {}\nexport { shared };\ntwice(shared)",
	);
	expect(text).toBe("2");
	expect((await kernel.run("new Thing() instanceof Thing")).text).toBe("true");
});

describe("when a cell throws", () => {
	test("what it had declared by then stays, the rest is out of reach", async () => {
		await kernel.run("let early = 1;\nthrow new Error('here');\nlet late = 2;");
		expect((await kernel.run("early")).text).toBe("1");
		const { error } = await kernel.run("late");
		expect(error?.ename).toBe("ReferenceError");
		expect(error?.evalue).toContain("late has no value");
		expect((await kernel.run("late = 5; late")).text).toBe("5");
	});

	test("values from before the cell outlive it", async () => {
		await kernel.run("let keep = 'old'");
		await kernel.run("throw new Error('first');\nlet keep = 'new'");
		expect((await kernel.run("keep")).text).toBe("'old'");
	});

	test("cells that wait behind it are given up, later ones are run", async () => {
		const ids = ["throw 1", "'second'", "'third'"].map((code) =>
			kernel.begin(code),
		);
		const outcomes = await Promise.all(ids.map((id) => kernel.end(id)));
		const statuses = outcomes.map(({ reply }) => reply.status);
		expect(statuses).toEqual(["error", "aborted", "aborted"]);
		expect((await kernel.run("'fourth'")).text).toBe("'fourth'");
	});

	test("cells that were sent before are given up though they come later, whatever the front end's clock says", async () => {
		for (const wrong of [0, -3_600_000, 3_600_000]) {
			const send = (code: string, ago: number) => {
				const date = new Date(Date.now() + wrong - ago).toISOString();
				const header = { session: `clock ${wrong}`, date };
				const id = kernel.send(
					"shell",
					"execute_request",
					{ code },
					{ header },
				);
				return kernel.end(id);
			};
			expect((await send("1", 0)).text).toBe("1");
			const failed = await send("throw 1", 0);
			expect(failed.reply.status).toBe("error");
			expect((await send("2", 1000)).reply.status).toBe("aborted");
			expect((await send("3", 0)).text).toBe("3");
		}
	});

	test("a page that is still sending its cells has them aborted", async () => {
		const start = Date.now();
		const send = (cellId: string, code: string, at: number) => {
			const date = new Date(start + at).toISOString();
			const header = { session: "a page", date };
			const more = { header, metadata: { cellId } };
			return kernel.end(
				kernel.send("shell", "execute_request", { code }, more),
			);
		};
		expect((await send("a", "throw 1", 0)).reply.status).toBe("error");
		for (const at of [200, 400, 600])
			expect((await send(`${at}`, "1", at)).reply.status).toBe("aborted");
	});

	test("a press after a cell that took its time runs at once", async () => {
		const send = (code: string) => kernel.run(code, {}, { cellId: code });
		const slow = "await new Promise((done) => setTimeout(done, 300)); throw 1";
		expect((await send(slow)).reply.status).toBe("error");
		expect((await send("5")).text).toBe("5");
	});

	test("once the cell that failed runs without an error, so do the cells after it", async () => {
		const send = (code: string, cellId: string, date: string) => {
			const header = { session: "a mended page", date };
			const more = { header, metadata: { cellId } };
			return kernel.end(
				kernel.send("shell", "execute_request", { code }, more),
			);
		};
		const now = () => new Date().toISOString();
		const first = now();
		expect((await send("throw 1", "a", first)).reply.status).toBe("error");
		expect((await send("1", "a", now())).text).toBe("1");
		expect((await send("2", "b", first)).text).toBe("2");
	});

	test("a press of its own runs, though the cell that failed was long on its way", async () => {
		const send = (code: string, ago: number) => {
			const date = new Date(Date.now() - ago).toISOString();
			const header = { session: "slow at first", date };
			const metadata = { cellId: code };
			return kernel.end(
				kernel.send("shell", "execute_request", { code }, { header, metadata }),
			);
		};
		await kernel.run("'warm: the next cells take milliseconds'");
		expect((await send("throw 1", 2000)).reply.status).toBe("error");
		expect((await send("1", 0)).text).toBe("1");
	});

	test("what a page sends after an interrupt is run", async () => {
		const kernel = await Kernel.start();
		const metadata = { cellId: "1" };
		const id = kernel.begin("await new Promise(() => {})", {}, metadata);
		await new Promise((done) => setTimeout(done, 500));
		await kernel.request("control", "interrupt_request", {});
		expect((await kernel.end(id)).error?.ename).toBe("Interrupted");
		expect((await kernel.run("6", {}, metadata)).text).toBe("6");
		await kernel.stop();
	});

	test("and asks not to stop, the cells behind it run", async () => {
		const first = kernel.begin("throw 1", { stop_on_error: false });
		const second = kernel.begin("'second'");
		expect((await kernel.end(first)).reply.status).toBe("error");
		expect((await kernel.end(second)).text).toBe("'second'");
	});
});
