import { described } from "../../expect/words.ts";
import type { Backend } from "../backend.ts";
import type { Bytes } from "../platform.ts";
import { wasmBackend } from "./backend.ts";
import { start } from "./engine.ts";
import { bestBuild, moduleUrls, readModule } from "./module.ts";

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
 * The quick backend for a page in a browser: from bytes that it has fetched, else from the file beside this one, which Node reads.
 * A page without cross-origin isolation may use it too; its weights are then copied for each call.
 * @throws when the engine has no WebAssembly SIMD with shared memory, when the file cannot be fetched, or the bytes are not those of the kernels.
 */
export async function wasmFrom(bytes?: ArrayBuffer | Bytes): Promise<Backend> {
	const build = bestBuild();
	if (!build)
		throw new Error(
			"useWasm: this engine has no WebAssembly SIMD with shared memory",
		);
	const own = bytes === undefined ? readModule(build) : undefined;
	const module =
		own ?? (await compiled(bytes ?? (await fetchBytes(moduleUrls[build]))));
	return wasmBackend(start(build, module));
}

/** The module of these bytes, which has the kernels. */
async function compiled(
	bytes: ArrayBuffer | Bytes,
): Promise<WebAssembly.Module> {
	const wanted = (got: string) =>
		new Error(
			`useWasm: the bytes must be those of unrolled/relaxed.wasm or unrolled/simd.wasm, got ${got}`,
		);
	if (!(bytes instanceof ArrayBuffer || ArrayBuffer.isView(bytes)))
		throw wanted(described(bytes));
	let module: WebAssembly.Module;
	try {
		module = await WebAssembly.compile(bytes);
	} catch (error) {
		throw wanted(
			`${bytes.byteLength} bytes that are not a WebAssembly module (${(error as Error).message})`,
		);
	}
	const names = WebAssembly.Module.exports(module).map(({ name }) => name);
	if (!names.includes("setScratch"))
		throw wanted(
			`a module that exports ${names.length > 0 ? names.slice(0, 4).join(", ") : "nothing"}`,
		);
	return module;
}

async function fetchBytes(url: URL): Promise<ArrayBuffer> {
	const response = await fetch(url);
	if (!response.ok)
		throw new Error(
			`useWasm: ${url} answers ${response.status}; serve that file, or fetch unrolled/simd.wasm yourself and hand in its bytes`,
		);
	return response.arrayBuffer();
}
