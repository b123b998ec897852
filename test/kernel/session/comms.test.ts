import { expect, test } from "vitest";
import type { Link } from "../../../kernel/output/messenger.ts";
import type { Streams } from "../../../kernel/output/streams.ts";
import type { Message } from "../../../kernel/protocol/messages.ts";
import { Comms } from "../../../kernel/session/comms.ts";

const message = (msg_type: string, content: object): Message =>
	({ header: { msg_type }, metadata: {}, buffers: [], content }) as never;

/** Comms without a front end, and what they publish. */
function listening() {
	const published: [string, unknown][] = [];
	const publish = (type: string, content: { comm_id: unknown }) =>
		published.push([type, content.comm_id]);
	const link = { publish } as unknown as Link;
	const comms = new Comms(link, { flush() {} } as Streams);
	return { comms, published };
}

const open = (comm_id: string, target_name = "target") =>
	message("comm_open", { comm_id, target_name });

test.each([
	[
		"throws",
		() => {
			throw new Error("no");
		},
	],
	["rejects", () => Promise.reject(new Error("no"))],
])(
	"a comm whose handler %s is closed, and the error told",
	async (_, opened) => {
		const { comms, published } = listening();
		comms.register("target", opened);
		await expect(comms.receive(open("1"))).rejects.toThrow("no");
		expect(published).toEqual([["comm_close", "1"]]);
		expect(comms.info(undefined)).toEqual({ comms: {} });
		await comms.receive(message("comm_msg", { comm_id: "1" })); // of which nobody knows
	},
);

test("a comm to a target that nobody registered is closed", async () => {
	const { comms, published } = listening();
	await comms.receive(open("1"));
	expect(published).toEqual([["comm_close", "1"]]);
});

test("comms are listed while they are open, all or those of a target", async () => {
	const { comms } = listening();
	comms.register("target", () => {});
	await comms.receive(open("1"));
	comms.open("other", {});
	expect(Object.keys(comms.info(undefined).comms as object)).toHaveLength(2);
	expect(comms.info("target")).toEqual({
		comms: { 1: { target_name: "target" } },
	});
	await comms.receive(message("comm_close", { comm_id: "1" }));
	expect(comms.info("target")).toEqual({ comms: {} });
});
