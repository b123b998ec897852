import type { Backend, Numbers } from "./backend.ts";
import { plain } from "./plain.ts";

let quick: Backend = plain;

/** The backend that works on these numbers: the quick one for float32, `plain` for float64. */
export function backendOf(data: Numbers): Backend {
	return data instanceof Float64Array ? plain : quick;
}

/** Makes `backend` the one that works on float32; returns the one before. */
export function useBackend(backend: Backend): Backend {
	const before = quick;
	quick = backend;
	return before;
}
