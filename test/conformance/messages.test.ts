/** One test for each row of the protocol's message table that Jupyter's own suite does not look at. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Kernel } from "../kernel/client.ts";
import { inEachPlace } from "./places.ts";

inEachPlace((the) => {
	test("a subscriber is welcomed and hears that the kernel starts, and kernel_info says what the kernel is", async () => {
		const seen = the.kernel.published.map(({ type, content }) => ({
			type,
			content,
		}));
		expect(seen.slice(0, 2)).toEqual([
			{ type: "iopub_welcome", content: { subscription: "" } },
			{ type: "status", content: { execution_state: "starting" } },
		]);
		const info = await the.kernel.request("shell", "kernel_info_request", {});
		expect(info).toMatchObject({
			status: "ok",
			protocol_version: "5.4",
			implementation: "unrolled",
			language_info: {
				name: "typescript",
				file_extension: ".ts",
				mimetype: "text/typescript",
				pygments_lexer: "typescript",
				nbconvert_exporter: "script",
			},
		});
		expect(info.implementation_version).toMatch(/^\d+\.\d+\.\d+$/);
	});

	test("every request stands between its own busy and idle", async () => {
		const requests = {
			kernel_info_request: {},
			is_complete_request: { code: "1" },
			complete_request: { code: "Mat", cursor_pos: 3 },
			inspect_request: { code: "Math", cursor_pos: 2 },
			comm_info_request: {},
			history_request: { hist_access_type: "tail", n: 1 },
		};
		for (const [type, content] of Object.entries(requests)) {
			const id = the.kernel.send("shell", type, content);
			expect((await the.kernel.reply(id)).content.status, type).toBeTruthy();
			const states = (await the.kernel.outputs(id)).map(
				({ content }) => content.execution_state,
			);
			expect(states, type).toEqual(["busy", "idle"]);
		}
	});

	test.each(["shell", "control"] as const)(
		"a request that is unknown on the %s channel gets no reply, and a line in the log",
		async (channel) => {
			const type = `unknown_${channel}_request`;
			await expect(the.kernel.request(channel, type, {})).rejects.toThrow(
				`the kernel logs "no answer to ${type}"`,
			);
		},
	);

	describe("positions are counted in code points", () => {
		test("for completion", async () => {
			const code = "'😀😀'; Math.sqr";
			const cursor_pos = [...code].length;
			const reply = await the.kernel.request("shell", "complete_request", {
				code,
				cursor_pos,
			});
			expect(reply).toMatchObject({
				matches: ["sqrt"],
				cursor_start: cursor_pos - 3,
				cursor_end: cursor_pos,
			});
		});

		test("for completion of a value whose type says nothing", async () => {
			await the.kernel.run(
				"let unknowable: any = { größe: 1, get trap() { throw 1 }, inner: { deep: 2 } };",
			);
			const complete = (code: string) =>
				the.kernel.request("shell", "complete_request", {
					code,
					cursor_pos: [...code].length,
				});
			expect(await complete("'😀' + unknowable.")).toMatchObject({
				matches: ["größe", "inner", "trap"],
				cursor_start: 17,
			});
			expect((await complete("unknowable.inner.d")).matches).toEqual(["deep"]);
			expect((await complete("unknowable.trap.")).matches).toEqual([]);
		});

		test("for inspection, which gives markdown too", async () => {
			await the.kernel.run(
				"/** Doubles a *number*. */\nfunction doubled(x: number) { return 2 * x }",
			);
			const code = "'😀😀'; doubled(2)";
			const cursor_pos = [...code].indexOf("d") + 1;
			const reply = await the.kernel.request("shell", "inspect_request", {
				code,
				cursor_pos,
			});
			expect(reply.found).toBe(true);
			const data = reply.data as Record<string, string>;
			expect(data["text/plain"]).toContain(
				"function doubled(x: number): number",
			);
			expect(data["text/markdown"]).toMatch(
				/```typescript\n.*doubled[^`]*```/s,
			);
			expect(data["text/markdown"]).toContain("Doubles a *number*.");
		});
	});

	test("history gives the cells of this session, by range, by tail and by pattern", async () => {
		const { reply } = await the.kernel.run("'history' + 1");
		await the.kernel.run("'history' + 1");
		const line = reply.execution_count as number;
		const ask = (content: object) =>
			the.kernel.request("shell", "history_request", {
				output: false,
				raw: true,
				...content,
			});
		const range = await ask({
			hist_access_type: "range",
			session: 0,
			start: line,
			stop: line + 1,
			output: true,
		});
		expect(range.history).toEqual([
			[expect.any(Number), line, ["'history' + 1", "'history1'"]],
		]);
		const tail = await ask({ hist_access_type: "tail", n: 2 });
		expect(tail.history).toHaveLength(2);
		const search = await ask({
			hist_access_type: "search",
			pattern: "'hist?ry'*",
			unique: true,
		});
		expect(search.history).toHaveLength(1);
	});

	test("history outlives the kernel", async () => {
		const state = mkdtempSync(join(tmpdir(), "unrolled-history-"));
		const tail = { hist_access_type: "tail", n: 1, output: false, raw: true };
		for (const expected of [[], [[1, 1, "'first life'"]]]) {
			const other = await Kernel.start({ ...the.options, state });
			const reply = await other.request("shell", "history_request", tail);
			expect(reply.history).toEqual(expected);
			await other.run("'first life'");
			await other.stop();
		}
	});

	test("page and clearOutput reach the front end", async () => {
		const { reply, outputs } = await the.kernel.run(
			"import { page, clearOutput } from '@unrolled/kernel'; clearOutput({ wait: true }); page('long')",
		);
		expect(reply.payload).toEqual([
			{ source: "page", data: { "text/plain": "long" }, start: 0 },
		]);
		const clear = outputs.find(({ type }) => type === "clear_output");
		expect(clear?.content).toEqual({ wait: true });
	});

	test("frames that are no messages are ignored, and the kernel goes on", async () => {
		const bad: (string | Uint8Array)[][] = [
			["nothing"],
			["<IDS|MSG>"],
			["<IDS|MSG>", "wrong", "{}", "{}", "{}", "{}"],
			["<IDS|MSG>", "", "{", "[", "1", "null"],
			["<IDS|MSG>", "", "{}", "{}", "{}", "[".repeat(100_000)],
			[new Uint8Array(100_000)],
		];
		for (const channel of ["shell", "control", "stdin"] as const) {
			for (const frames of bad) the.kernel.sendFrames(channel, frames);
		}
		the.kernel.send("shell", "no_such_request", {});
		the.kernel.send("shell", "execute_request", {
			code: 5,
			user_expressions: 7,
		});
		expect((await the.kernel.run("'alive'")).text).toBe("'alive'");
		expect(the.kernel.log).toContain("wrong signature");
	});

	test.each([
		["ipc", { transport: "ipc" as const }],
		["an empty key", { key: "" }],
	])("the kernel works over %s", async (_, way) => {
		const other = await Kernel.start({ ...the.options, ...way });
		expect((await other.run("1 + 1")).text).toBe("2");
		await other.stop();
	});

	test("fifty cells in a row: no output is lost, none comes after idle", async () => {
		for (let i = 0; i < 50; i++) {
			const id = the.kernel.begin(`console.log(${i}); ${i}`);
			const { stdout, text } = await the.kernel.end(id);
			expect([stdout, text]).toEqual([`${i}\n`, String(i)]);
			const last = the.kernel.published.findLast(({ parent }) => parent === id);
			expect(last?.content).toEqual({ execution_state: "idle" });
		}
	});
});
