import type { Backend } from "./backend.ts";
import { wasmBackend } from "./wasm.ts";
import { bestBuild, moduleUrls, readModule, start } from "./wasm-engine.ts";

/** The quick backend, in Node: from the files beside this one. Undefined, with a warning why, where it cannot be. */
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
		if (module) return wasmBackend(start(build, module));
		console.warn(
			"unrolled: a page loads the WebAssembly kernels by `await useWasm()`, before it makes a network; until then the plain backend serves, slower.",
		);
		return undefined;
	} catch (error) {
		console.warn(
			`unrolled: the WebAssembly kernels did not load (${error}); the plain backend serves, slower.`,
		);
		return undefined;
	}
}

/**
 * The quick backend for a page in a browser: from bytes that it has fetched, else from the file beside this one.
 * A page without cross-origin isolation may use it too; its weights are then copied for each call.
 * @throws when the engine has no WebAssembly SIMD with shared memory, when the file cannot be fetched, or the bytes are no module.
 */
export async function wasmFrom(
	bytes?: ArrayBuffer | Uint8Array<ArrayBuffer>,
): Promise<Backend> {
	const build = bestBuild();
	if (!build)
		throw new Error(
			"useWasm: this engine has no WebAssembly SIMD with shared memory",
		);
	const module = bytes ?? (await fetchBytes(moduleUrls[build]));
	return wasmBackend(start(build, await WebAssembly.compile(module)));
}

async function fetchBytes(url: URL): Promise<ArrayBuffer> {
	const response = await fetch(url);
	if (!response.ok)
		throw new Error(
			`useWasm: ${url} answers ${response.status}; serve that file, or fetch unrolled/simd.wasm yourself and hand in its bytes`,
		);
	return response.arrayBuffer();
}
