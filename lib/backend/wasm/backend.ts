import type { Backend } from "../backend.ts";
import { Arrays } from "./arrays.ts";
import type { Engine } from "./engine.ts";
import { fusedKernels } from "./fused.ts";
import { pointwise } from "./pointwise.ts";
import { pools } from "./pool.ts";
import { products } from "./products.ts";
import { programs } from "./program/run.ts";
import { Tapes } from "./tapes.ts";
import { training } from "./training.ts";

/** The backend of a module at work. What is not float32, and what copying would cost more than it gains, goes to plain. */
export function wasmBackend(engine: Engine): Backend {
	const { memory } = engine;
	const arrays = new Arrays(memory);
	const tapes = new Tapes(memory);
	return {
		name: `wasm (${engine.build} SIMD)`,
		allocate: (size) => memory.allocate(size),
		uninitialised: (size) => arrays.uninitialised(size),
		...pointwise(engine, arrays),
		...pools(engine, arrays),
		...products(engine, arrays),
		...training(engine, arrays),
		steps: programs(engine, arrays, tapes),
		fused: fusedKernels(engine, arrays, tapes),
	};
}
