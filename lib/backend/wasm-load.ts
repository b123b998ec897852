import type { Backend } from "./backend.ts";
import { wasmBackend } from "./wasm.ts";
import { bestBuild, readModule, start } from "./wasm-engine.ts";

/** The quick backend, in Node: built from the files beside this one on first use. Undefined, with a word why, where it cannot be. */
export function loadWasm(): Backend | undefined {
	const build = bestBuild();
	if (!build) {
		console.warn(
			"unrolled: this engine has no WebAssembly SIMD with shared memory; the plain backend serves, slower.",
		);
		return undefined;
	}
	const module = readModule(build);
	return module && wasmBackend(start(build, module));
}
