import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

import {
	type Header,
	type Message,
	type Outgoing,
	PROTOCOL,
} from "../protocol/messages.ts";

/** How messages are signed: an empty key means not at all. */
export interface Signing {
	key: string;
	/** As in a connection file, `hmac-sha256`. */
	scheme: string;
}

const DELIMITER = Buffer.from("<IDS|MSG>");
const session = randomUUID();

function sign(
	{ key, scheme }: Signing,
	parts: readonly (Uint8Array | string)[],
): string {
	if (!key) return "";
	const hmac = createHmac(scheme.replace(/^hmac-/, ""), key);
	for (const part of parts) hmac.update(part);
	return hmac.digest("hex");
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isHeader(value: unknown): value is Header {
	return (
		isRecord(value) &&
		["msg_id", "msg_type", "session"].every(
			(field) => typeof value[field] === "string",
		)
	);
}

/**
 * Reads the frames of one message: `[ids…, <IDS|MSG>, signature, header, parent, metadata, content, buffers…]`.
 * @throws Error when a frame is missing, the signature is wrong or a part is not the JSON it should be.
 */
export function decode(signing: Signing, frames: readonly Buffer[]): Message {
	const at = frames.findIndex((frame) => frame.equals(DELIMITER));
	if (at < 0 || frames.length < at + 6)
		throw new Error("a message has too few frames");
	const parts = frames.slice(at + 2, at + 6);
	const want = Buffer.from(sign(signing, parts));
	const got = frames[at + 1];
	if (
		signing.key &&
		(got.length !== want.length || !timingSafeEqual(got, want))
	) {
		throw new Error("a message has a wrong signature");
	}
	const [header, , metadata, content] = parts.map((part): unknown =>
		JSON.parse(part.toString()),
	);
	if (!isHeader(header)) throw new Error("a message has no valid header");
	if (!isRecord(content))
		throw new Error(`a ${header.msg_type} has no valid content`);
	return {
		ids: frames.slice(0, at),
		header,
		metadata: isRecord(metadata) ? metadata : {},
		content,
		buffers: frames.slice(at + 6),
		arrived: Date.now(),
	};
}

/** Writes one message as frames, signed; its header may say more. */
export function encode(
	signing: Signing,
	message: Outgoing,
	more: Partial<Header> = {},
): (Uint8Array | string)[] {
	const header: Header = {
		msg_id: randomUUID(),
		msg_type: message.type,
		session,
		username: "kernel",
		date: new Date().toISOString(),
		version: PROTOCOL,
		...more,
	};
	const parts = [
		JSON.stringify(header),
		JSON.stringify(message.parent ?? {}),
		message.metadata ?? "{}",
		message.content,
	];
	return [
		...message.ids,
		DELIMITER,
		sign(signing, parts),
		...parts,
		...(message.buffers ?? []),
	];
}
