import type { Backend } from "./backend.ts";
import { wasmBackend } from "./wasm.ts";
import { bestBuild, readModule, start } from "./wasm-engine.ts";

/** The quick backend, in Node: from the files beside this one. Undefined, with a word why, where it cannot be. */
export function loadWasm(): Backend | undefined {
	const build = bestBuild();
	if (!build) {
		console.warn(
			"unrolled: this engine has no WebAssembly SIMD with shared memory; the plain backend serves, slower.",
		);
		return undefined;
	}
	try {
		const module = readModule(build);
		return module && wasmBackend(start(build, module));
	} catch (error) {
		console.warn(
			`unrolled: the WebAssembly kernels did not load (${error}); the plain backend serves, slower.`,
		);
		return undefined;
	}
}

/**
 * The quick backend from bytes that the caller has fetched, as a page in a browser does.
 * A page without cross-origin isolation may use it too; its weights are then copied for each call.
 * @throws when the engine has no WebAssembly SIMD with shared memory.
 */
export async function wasmFrom(
	bytes: ArrayBuffer | Uint8Array<ArrayBuffer>,
): Promise<Backend> {
	const build = bestBuild();
	if (!build)
		throw new Error(
			"useWasm: this engine has no WebAssembly SIMD with shared memory",
		);
	return wasmBackend(start(build, await WebAssembly.compile(bytes)));
}
