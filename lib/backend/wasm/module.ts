import { type Bytes, builtin } from "../platform.ts";

/** What kernels/index.ts exports: sizes and strides in, addresses in bytes; some return a number. */
export interface Kernels {
	[name: string]: (...values: number[]) => number;
}

/** A build of the kernels, for engines with and without relaxed SIMD. */
export type Build = "relaxed" | "simd";

/** The best build that this engine runs; undefined without SIMD or shared memory. */
export function bestBuild(): Build | undefined {
	if (typeof WebAssembly === "undefined") return undefined;
	if (!WebAssembly.validate(usesSharedSimd)) return undefined;
	return WebAssembly.validate(usesRelaxedSimd) ? "relaxed" : "simd";
}

/** A module with a shared memory and an i32x4.splat, and one with f32x4.relaxed_madd: an engine that accepts a module can run its instructions. */
const usesSharedSimd = probe(
	[0x05, 0x04, 0x01, 0x03, 0x01, 0x01],
	[0x41, 0x00, 0xfd, 0x11, 0x1a],
);
const usesRelaxedSimd = probe(
	[],
	[
		...[0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11],
		...[0xfd, 0x85, 0x02, 0x1a],
	],
);

/** The smallest module with a memory section and a function of these instructions. */
function probe(memory: number[], instructions: number[]): Bytes {
	return new Uint8Array([
		...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
		...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00], // one type: () → ()
		...[0x03, 0x02, 0x01, 0x00], // one function of it
		...memory,
		...[0x0a, instructions.length + 4, 0x01],
		...[instructions.length + 2, 0x00, ...instructions, 0x0b],
	]);
}

export function instantiate(
	module: WebAssembly.Module,
	memory: WebAssembly.Memory,
): Kernels {
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	return exports as unknown as Kernels;
}

/** The addresses of the modules, in the form that bundlers recognise, so that they include the files. */
export const moduleUrls: Record<Build, URL> = {
	relaxed: new URL("./built/relaxed.wasm", import.meta.url),
	simd: new URL("./built/simd.wasm", import.meta.url),
};

/** A module from the file beside this one, in Node; undefined elsewhere. */
export function readModule(build: Build): WebAssembly.Module | undefined {
	const fs = builtin<{ readFileSync(path: URL): Bytes }>("node:fs");
	if (!fs) return undefined;
	return new WebAssembly.Module(fs.readFileSync(moduleUrls[build]));
}
