import { expect, test } from "vitest";
import type { Kernel } from "./client.ts";
import { begin, start } from "./running.ts";

type Content = Record<string, unknown>;
const create = async (kernel: Kernel) => {
	const reply = await kernel.request("control", "create_subshell_request", {});
	return String(reply.subshell_id);
};
/** Sends a request to a subshell. */
const send = (kernel: Kernel, id: string, type: string, content: Content) =>
	kernel.send("shell", type, content, { header: { subshell_id: id } });
/** Asks something in a subshell. */
async function ask(kernel: Kernel, id: string, type: string, content: Content) {
	const message = send(kernel, id, type, content);
	const { content: reply } = await kernel.reply(message);
	await kernel.outputs(message);
	return reply;
}
const run = (kernel: Kernel, id: string, code: string) =>
	kernel.end(send(kernel, id, "execute_request", { code }));

test("subshells are announced, created, listed and deleted", async () => {
	const kernel = await start();
	const info = await kernel.request("control", "kernel_info_request", {});
	expect(info.supported_features).toContain("kernel subshells");
	const ids = [await create(kernel), await create(kernel)];
	const list = () => kernel.request("control", "list_subshell_request", {});
	expect(await list()).toEqual({ status: "ok", subshell_id: ids });
	const [subshell_id, other] = ids;
	const remove = () =>
		kernel.request("control", "delete_subshell_request", { subshell_id });
	expect(await remove()).toEqual({ status: "ok" });
	expect(await remove()).toMatchObject({
		status: "error",
		ename: "UnknownSubshell",
	});
	expect(await list()).toEqual({ status: "ok", subshell_id: [other] });
	const refused = await ask(kernel, subshell_id, "execute_request", {
		code: "1",
	});
	expect(refused).toMatchObject({ status: "error", ename: "UnknownSubshell" });
	expect((await kernel.run("6 * 7")).text).toBe("42");
});

test("a subshell runs cells, answers and hears comms while a cell of the main shell awaits, with the same variables", async () => {
	const kernel = await start();
	await kernel.run(
		'import { comms } from "@unrolled/kernel"; let n = 0; let rate = 1; let stopped = false; comms.register("rate", (comm, { data }) => { rate = Number(data.rate); console.log("rate is", rate); });',
	);
	const training = await begin(
		kernel,
		"while (!stopped) { n += rate; await new Promise<void>((done) => setTimeout(done, 2)); }",
	);
	const id = await create(kernel);
	expect((await run(kernel, id, "n > 0")).text).toBe("true");
	const complete = { code: "Math.sqr", cursor_pos: 8 };
	expect(await ask(kernel, id, "complete_request", complete)).toMatchObject({
		matches: ["sqrt"],
	});
	const inspect = { code: "Math.sqrt", cursor_pos: 8, detail_level: 0 };
	expect((await ask(kernel, id, "inspect_request", inspect)).found).toBe(true);
	const opened = send(kernel, id, "comm_open", {
		comm_id: "1",
		target_name: "rate",
		data: { rate: 0.5 },
	});
	const printed = await kernel.outputs(opened);
	expect(printed.map(({ content }) => content.text).join("")).toContain(
		"rate is 0.5",
	);
	expect((await run(kernel, id, "throw new Error('here')")).error?.evalue).toBe(
		"here",
	);
	await run(kernel, id, "stopped = true");
	expect((await kernel.end(training)).error).toBeUndefined();
});

test("an error in a shell gives up the cells that wait there, and no others", async () => {
	const kernel = await start();
	const id = await create(kernel);
	const main = await begin(
		kernel,
		"await new Promise((done) => setTimeout(done, 500)); throw new Error('main')",
	);
	const waiting = kernel.begin("1");
	const failing = send(kernel, id, "execute_request", {
		code: "throw new Error('sub')",
	});
	const behind = send(kernel, id, "execute_request", { code: "2" });
	expect((await kernel.reply(failing)).content.status).toBe("error");
	expect((await kernel.reply(behind)).content.status).toBe("aborted");
	expect((await run(kernel, id, "3")).text).toBe("3");
	expect((await kernel.reply(main)).content.evalue).toBe("main");
	expect((await kernel.reply(waiting)).content.status).toBe("aborted");
});

test("a subshell says what the kernel is while a loop keeps it, and does the rest after it", async () => {
	const kernel = await start();
	const id = await create(kernel);
	const loop = await begin(kernel, "for (;;);");
	const later = send(kernel, id, "execute_request", { code: "1 + 1" });
	const info = await ask(kernel, id, "kernel_info_request", {});
	expect(info.implementation).toBe("unrolled");
	await kernel.request("control", "interrupt_request", {});
	expect((await kernel.end(loop)).error?.ename).toBe("Interrupted");
	await kernel.end(later); // an interrupt is for all shells
	expect((await run(kernel, id, "1 + 1")).text).toBe("2");
});
