import { webcrypto } from "node:crypto";
import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { Guard } from "../guard.ts";
import { lifeOfContext, never } from "./awaited.ts";

type Call = (...values: unknown[]) => unknown;
type Members = Record<string, unknown>;

/**
 * Work that Node does in other threads and that cannot be cancelled: reads of files, cryptography, WebAssembly. When the
 * cell was stopped meanwhile, its promise never settles.
 */
export function guardNatives(guard: Guard): void {
	wrap(promises as unknown as Members);
	wrap(Object.getPrototypeOf(webcrypto.subtle));
	wrap(WebAssembly as unknown as Members, /^(compile|instantiate)/);
	const { open } = promises;
	let handles = false;
	promises.open = async (...values) => {
		const handle = await open(...values);
		if (!handles) wrap(Object.getPrototypeOf(handle), /^(?!close|getAsyncId)/);
		handles = true;
		return handle;
	};
	guardFetch(guard);
	syncBuiltinESMExports();
}

/** Wraps the methods of an object whose names fit. */
function wrap(methods: Members, names = /./): void {
	for (const name of Object.getOwnPropertyNames(methods)) {
		const { value: own } = Object.getOwnPropertyDescriptor(methods, name) ?? {};
		if (typeof own !== "function" || name === "constructor") continue;
		if (names.test(name)) methods[name] = wrapped(own);
	}
}

function wrapped(own: Call): Call {
	const call = function (this: unknown, ...values: unknown[]) {
		const life = lifeOfContext();
		if (life?.over) return never();
		const result = own.apply(this, values);
		if (!life || !(result instanceof Promise)) return result;
		return new Promise((resolve, reject) => {
			result
				.then((value) => (life.over ? never() : value))
				.then(resolve, (error) => life.over || reject(error));
		});
	};
	const { name, length } = own;
	return Object.defineProperties(call, {
		name: { value: name },
		length: { value: length },
	});
}

/** A request ends with its cell as if the cell had aborted it: so the connection is known to be gone. */
function guardFetch(guard: Guard): void {
	const own = globalThis.fetch;
	globalThis.fetch = function fetch(input, init) {
		const life = lifeOfContext();
		if (!life) return own(input, init);
		if (life.over) return never();
		const asked = init?.signal ?? (input as Partial<Request>).signal;
		const signal = asked ? AbortSignal.any([asked, life.signal]) : life.signal;
		// the first call loads the implementation, and a request that is only half started cannot be aborted
		return guard.shield(() => own(input, { ...init, signal }));
	};
}
