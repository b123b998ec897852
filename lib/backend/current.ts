import type { Backend, Numbers } from "./backend.ts";
import { plain } from "./plain.ts";
import type { Bytes } from "./platform.ts";
import { loadWasm, wasmFrom } from "./wasm/load.ts";

let quick: Backend | undefined;

/** The backend that works on these numbers: the quick one for float32, loaded on first use, and `plain` for float64. */
export function backendOf(data: Numbers): Backend {
	return data instanceof Float64Array ? plain : float32();
}

function float32(): Backend {
	quick ??= loadWasm() ?? plain;
	return quick;
}

/** Zeros that live long, such as weights and an optimiser's moments, where the backend reaches them without a copy. */
export function allocateLasting(
	dtype: "float32" | "float64",
	size: number,
): Numbers {
	return dtype === "float64"
		? new Float64Array(size)
		: float32().allocate(size);
}

/** An uninitialised array of `size` numbers for a result, where the backend writes without a copy. */
export function allocateResult(
	dtype: "float32" | "float64",
	size: number,
): Numbers {
	return dtype === "float64"
		? new Float64Array(size)
		: float32().uninitialised(size);
}

/** Makes `backend` the one that works on float32. */
export function useBackend(backend: Backend): void {
	quick = backend;
}

/**
 * In a browser: makes the WebAssembly kernels work on float32. Without `bytes` the file beside the library is fetched, which
 * bundlers bring along; `bytes` are those of the package's `unrolled/relaxed.wasm` or `unrolled/simd.wasm`, fetched by the page.
 * Node loads the kernels by itself, and there it may be called as well. Until it is done, and without it, the plain backend serves, slower.
 * @throws when the engine lacks what they need, the file cannot be fetched, or the bytes are not a module.
 */
export async function useWasm(bytes?: ArrayBuffer | Bytes): Promise<void> {
	useBackend(await wasmFrom(bytes));
}
