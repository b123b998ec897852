import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Dealer, Subscriber } from "zeromq";
import { decode, encode } from "../../../kernel/sockets/wire.ts";
import { addressOf, connectionIn, launch } from "../launch.ts";

/** A kernel that was just launched, and how to talk to it. */
async function begun() {
	const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
	const connection = await connectionIn(folder, {});
	const signing = { key: connection.key, scheme: connection.signature_scheme };
	return { kernel: launch(connection, folder, {}), connection, signing };
}

test("who listens and asks nothing hears that the kernel starts", async ({
	onTestFinished,
}) => {
	const { kernel, connection, signing } = await begun();
	const socket = new Subscriber({ linger: 0 });
	onTestFinished(() => {
		socket.close();
		kernel.kill("SIGKILL");
	});
	socket.subscribe();
	socket.connect(addressOf(connection, connection.iopub_port));
	const seen: unknown[] = [];
	for await (const frames of socket) {
		const { header, content } = decode(signing, frames);
		seen.push([header.msg_type, content]);
		if (seen.length === 2) break;
	}
	expect(seen).toEqual([
		["iopub_welcome", { subscription: "" }],
		["status", { execution_state: "starting" }],
	]);
});

test("a cell that comes before its front end listens is run when it does", async ({
	onTestFinished,
}) => {
	const { kernel, connection, signing } = await begun();
	const shell = new Dealer({ linger: 0 });
	const iopub = new Subscriber({ linger: 0 });
	onTestFinished(() => {
		shell.close();
		iopub.close();
		kernel.kill("SIGKILL");
	});
	const ask = (type: string, content: object) =>
		shell.send(
			encode(signing, {
				ids: [],
				type,
				parent: null,
				content: JSON.stringify(content),
			}) as never,
		);
	shell.connect(addressOf(connection, connection.shell_port));
	await ask("kernel_info_request", {});
	const reply = decode(signing, await shell.receive());
	expect(reply.header.msg_type).toBe("kernel_info_reply"); // which waits for nobody
	await ask("execute_request", { code: "6 * 7" });
	iopub.subscribe();
	await new Promise((done) => setTimeout(done, 300));
	iopub.connect(addressOf(connection, connection.iopub_port));
	const seen: unknown[] = [];
	for await (const frames of iopub) {
		const { header, content } = decode(signing, frames);
		seen.push(content.execution_state ?? header.msg_type);
		if (content.execution_state === "idle") break;
	}
	expect(seen).toContain("execute_result");
});
