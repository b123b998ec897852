import { readFileSync } from "node:fs";
import { matmul, tensor, useWasm } from "unrolled";
import { expect, test } from "vitest";

const kernels = new URL(
	"../../lib/backend/wasm/built/simd.wasm",
	import.meta.url,
);
/** A module with nothing in it. */
const empty = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
const wanted =
	"useWasm: the bytes must be those of unrolled/relaxed.wasm or unrolled/simd.wasm, got ";

test.each([
	["relaxed.wasm", '"relaxed.wasm"'],
	[[0, 1], "[0, 1]"],
	[
		new TextEncoder().encode("<!doctype html>"),
		"15 bytes that are not a WebAssembly module",
	],
	[new ArrayBuffer(0), "0 bytes that are not a WebAssembly module"],
	[empty, "a module that exports nothing"],
])("useWasm says what is wrong with the bytes %j", async (bytes, got) => {
	await expect(useWasm(bytes as ArrayBuffer)).rejects.toThrow(wanted + got);
	expect(matmul(tensor([[2]]), tensor([[3]])).item()).toBe(6);
});

test("useWasm without bytes serves in Node, too, so that one program runs in both", async () => {
	await useWasm();
	expect(matmul(tensor([[2]]), tensor([[3]])).item()).toBe(6);
});

test("useWasm takes the bytes of the kernels", async () => {
	await useWasm(new Uint8Array(readFileSync(kernels)));
	expect(matmul(tensor([[2]]), tensor([[3]])).item()).toBe(6);
});
