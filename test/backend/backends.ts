import type { Backend, FusedKind } from "../../lib/backend/backend.ts";
import { wasmBackend } from "../../lib/backend/wasm/backend.ts";
import { start } from "../../lib/backend/wasm/engine.ts";
import {
	type Build,
	bestBuild,
	readModule,
} from "../../lib/backend/wasm/module.ts";
import { plans } from "../../lib/backend/wasm/plans.ts";

/** Both builds of the kernels, each at work on a memory of its own. */
export const builds: [Build, Backend][] = (["relaxed", "simd"] as const)
	.filter((build) => build === "simd" || bestBuild() === "relaxed")
	.map((build) => {
		const module = readModule(build);
		if (!module) throw new Error("the kernels are read from files in Node");
		return [build, wasmBackend(start(build, module))];
	});

/** Numbers from −1 to 1, the same on every machine. */
export function noise(seed: number): () => number {
	let s = seed;
	return () => {
		s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
		return (s / 2 ** 32) * 2 - 1;
	};
}

export function fill(length: number, next: () => number): Float32Array {
	return Float32Array.from({ length }, next);
}

/** The largest |got − wanted| over 1 + |wanted|; infinite where one is NaN or infinite and the other is not the same. */
export function furthest(
	got: ArrayLike<number>,
	wanted: ArrayLike<number>,
): number {
	if (got.length !== wanted.length) return Infinity;
	let worst = 0;
	for (let i = 0; i < got.length; i++) {
		if (Object.is(got[i], wanted[i]) || got[i] === wanted[i]) continue;
		const off = Math.abs(got[i] - wanted[i]) / (1 + Math.abs(wanted[i]));
		worst = Math.max(worst, Number.isNaN(off) ? Infinity : off);
	}
	return worst;
}

export const kinds = Object.keys(plans) as FusedKind[];

/** The shapes of a kernel's weights, as its plan counts them: W, U and b of each gate, and further biases. */
export function weightShapes(kind: FusedKind, D: number, H: number) {
	const { gates, biases } = plans[kind];
	const gate = [[D, H], [H, H], [H]];
	return [
		...Array.from({ length: gates }, () => gate).flat(),
		...Array.from({ length: biases - gates }, () => [H]),
	];
}
