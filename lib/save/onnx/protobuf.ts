import type { Bytes } from "../../backend/platform.ts";

/** How a field is stored: as a varint, with its length before it, or as four bytes. */
const VARINT = 0;
const WITH_LENGTH = 2;
const FOUR_BYTES = 5;

/**
 * A message of Protocol Buffers while it is written, field by field in any order
 * (https://protobuf.dev/programming-guides/encoding).
 */
export class Message {
	readonly #parts: Uint8Array[] = [];

	/** A whole number of 64 bits, negative ones as their two's complement. */
	integer(field: number, value: number | bigint): void {
		this.#start(field, VARINT);
		this.#parts.push(varint(BigInt(value)));
	}

	float(field: number, value: number): void {
		this.#start(field, FOUR_BYTES);
		this.#parts.push(new Uint8Array(Float32Array.of(value).buffer));
	}

	text(field: number, value: string): void {
		this.bytes(field, new TextEncoder().encode(value));
	}

	bytes(field: number, value: Uint8Array): void {
		this.#start(field, WITH_LENGTH);
		this.#parts.push(varint(BigInt(value.length)), value);
	}

	/** A message inside this one. */
	message(field: number, write: (inner: Message) => void): void {
		const inner = new Message();
		write(inner);
		this.bytes(field, inner.finish());
	}

	finish(): Bytes {
		const size = this.#parts.reduce((sum, { length }) => sum + length, 0);
		const bytes = new Uint8Array(size);
		let at = 0;
		for (const part of this.#parts) {
			bytes.set(part, at);
			at += part.length;
		}
		return bytes;
	}

	#start(field: number, kind: number): void {
		this.#parts.push(varint(BigInt(field * 8 + kind)));
	}
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: bigint): Uint8Array {
	const bytes: number[] = [];
	let rest = BigInt.asUintN(64, value);
	while (rest > 127n) {
		bytes.push(Number(rest & 127n) | 128);
		rest >>= 7n;
	}
	return Uint8Array.of(...bytes, Number(rest));
}
