/** What goes back and forth between a cell and the page: comms, and questions to the reader. */
import { describe, expect, test } from "vitest";
import { inEachPlace } from "./places.ts";

inEachPlace((the) => {
	describe("comms", () => {
		test("carry data and buffers both ways, and close", async () => {
			await the.kernel.run(`
			import { comms } from "@unrolled/kernel";
			comms.register("echo", (comm, { data }) => {
				comm.send({ data: { opened: data } });
				comm.onMessage = ({ data, buffers }) => { console.log("got", data); comm.send({ data, buffers }); };
				comm.onClose = () => console.log("closed");
			});`);
			const comm_id = "abc";
			const open = the.kernel.send("shell", "comm_open", {
				comm_id,
				target_name: "echo",
				data: { x: 1 },
			});
			const opened = (await the.kernel.outputs(open)).find(
				({ type }) => type === "comm_msg",
			);
			expect(opened?.content).toEqual({ comm_id, data: { opened: { x: 1 } } });
			const info = await the.kernel.request("shell", "comm_info_request", {
				target_name: "echo",
			});
			expect(info.comms).toEqual({ abc: { target_name: "echo" } });
			const buffers = [new Uint8Array([1, 2, 3]), new Uint8Array(1000).fill(7)];
			const message = the.kernel.send(
				"shell",
				"comm_msg",
				{ comm_id, data: { y: 2 } },
				{ buffers },
			);
			const outputs = await the.kernel.outputs(message);
			expect(outputs.find(({ type }) => type === "stream")?.content.text).toBe(
				"got { y: 2 }\n",
			);
			const echo = outputs.find(({ type }) => type === "comm_msg");
			expect(echo?.buffers.map((each) => [...each])).toEqual(
				buffers.map((each) => [...each]),
			);
			const close = the.kernel.send("shell", "comm_close", {
				comm_id,
				data: {},
			});
			const closed = await the.kernel.outputs(close);
			expect(closed.some(({ content }) => content.text === "closed\n")).toBe(
				true,
			);
			const after = await the.kernel.request("shell", "comm_info_request", {});
			expect(after.comms).toEqual({});
		});

		test("to a name that nobody has registered are closed", async () => {
			const id = the.kernel.send("shell", "comm_open", {
				comm_id: "zzz",
				target_name: "nobody",
				data: {},
			});
			const outputs = await the.kernel.outputs(id);
			expect(outputs).toContainEqual(
				expect.objectContaining({
					type: "comm_close",
					content: { comm_id: "zzz", data: {} },
				}),
			);
		});

		test("can be opened by a cell", async () => {
			const { outputs, text } = await the.kernel.run(
				'const line = comms.open("page", { data: { z: 3 } }); line.id',
			);
			const open = outputs.find(({ type }) => type === "comm_open");
			expect(open?.content).toMatchObject({
				target_name: "page",
				data: { z: 3 },
			});
			expect(text).toBe(`'${open?.content.comm_id}'`);
			await the.kernel.run("line.close()");
		});
	});

	describe("input", () => {
		test("is asked for over stdin, without an await", async () => {
			the.kernel.onInput = ({ prompt, password }) => `${prompt} ${password}`;
			const { text } = await the.kernel.run(
				'import { input } from "@unrolled/kernel";\n[input("name?"), input("word?", { password: true }), prompt("again?")]',
				{ allow_stdin: true },
			);
			expect(text).toBe("[ 'name? false', 'word? true', 'again? false' ]");
		});

		test("fails where nobody can be asked", async () => {
			const { error } = await the.kernel.run("prompt('name?')", {
				allow_stdin: false,
			});
			expect(error?.evalue).toContain("cannot ask");
		});

		test("can be interrupted while it waits", async () => {
			the.kernel.onInput = undefined;
			const id = the.kernel.begin("prompt('?')", { allow_stdin: true });
			await new Promise((done) => setTimeout(done, 300));
			await the.kernel.request("control", "interrupt_request", {});
			expect((await the.kernel.end(id)).error?.ename).toBe("Interrupted");
		});
	});
});
