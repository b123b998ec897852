import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Subscriber } from "zeromq";
import { decode } from "../../../kernel/sockets/wire.ts";
import { addressOf, connectionIn, launch } from "../launch.ts";

test("who listens and asks nothing hears that the kernel starts", async ({
	onTestFinished,
}) => {
	const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
	const connection = await connectionIn(folder, {});
	const kernel = launch(connection, folder, {});
	const socket = new Subscriber({ linger: 0 });
	onTestFinished(() => {
		socket.close();
		kernel.kill("SIGKILL");
	});
	socket.subscribe();
	socket.connect(addressOf(connection, connection.iopub_port));
	const seen: unknown[] = [];
	const signing = { key: connection.key, scheme: connection.signature_scheme };
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
