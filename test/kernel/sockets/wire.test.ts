import { expect, test } from "vitest";
import type { Outgoing } from "../../../kernel/protocol/messages.ts";
import { decode, encode } from "../../../kernel/sockets/wire.ts";

const signing = { key: "a key", scheme: "hmac-sha256" };
const message: Outgoing = {
	ids: [Buffer.from("who asks")],
	type: "execute_request",
	parent: null,
	content: JSON.stringify({ code: "1" }),
};
const framesBy = (key: string): Buffer[] =>
	encode({ ...signing, key }, message).map((frame) => Buffer.from(frame));

test("a message is read as it was written", () => {
	const { ids, header, content } = decode(signing, framesBy(signing.key));
	expect(ids.map(String)).toEqual(["who asks"]);
	expect(header.msg_type).toBe("execute_request");
	expect(content).toEqual({ code: "1" });
});

test("one with another signature, of any length, is refused; without a key all are read", () => {
	const frames = framesBy("another key");
	expect(() => decode(signing, frames)).toThrow("wrong signature");
	const short = frames.with(2, frames[2].subarray(1));
	expect(() => decode(signing, short)).toThrow("wrong signature");
	const changed = framesBy(signing.key).with(6, Buffer.from('{"code":"2"}'));
	expect(() => decode(signing, changed)).toThrow("wrong signature");
	const { content } = decode({ ...signing, key: "" }, frames);
	expect(content).toEqual({ code: "1" });
});

test("one that lacks a frame is refused", () => {
	const frames = framesBy("");
	for (const lack of [2, 6])
		expect(() =>
			decode({ ...signing, key: "" }, frames.toSpliced(lack, 1)),
		).toThrow("has too few frames");
	expect(() => decode(signing, frames.slice(2))).toThrow("has too few frames");
});
