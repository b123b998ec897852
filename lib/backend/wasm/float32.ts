import type { Numbers } from "../backend.ts";

export function float32(x: Numbers): x is Float32Array {
	return x instanceof Float32Array;
}

export function allFloat32(all: Numbers[]): all is Float32Array[] {
	return all.every(float32);
}
