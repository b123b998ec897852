interface Platform {
	process?: {
		getBuiltinModule?(name: string): unknown;
		env: Record<string, string | undefined>;
	};
}

/** Bytes in memory of their own. TypeScript before 5.7 has no argument for the type `Uint8Array`, which would say so. */
export type Bytes = ReturnType<Uint8ArrayConstructor["of"]>;

/** One of Node's own modules, in Node; undefined elsewhere. The only door to them in this library. */
export function builtin<T>(name: string): T | undefined {
	const { process } = globalThis as Platform;
	return process?.getBuiltinModule?.(name) as T | undefined;
}

/** A variable of the process's environment, in Node; undefined elsewhere. */
export function environment(name: string): string | undefined {
	return (globalThis as Platform).process?.env[name];
}

/** Bytes that the machine has free; undefined where nobody tells. */
export function freeMemory(): number | undefined {
	return builtin<{ freemem(): number }>("node:os")?.freemem();
}

/** What a request for more memory than there is ends in: how much was wanted, for what, and how much was left. */
export function outOfMemory(
	wanted: number,
	left: number | undefined,
	what: string,
): RangeError {
	const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
	const rest =
		left === undefined
			? "more than is left"
			: `${megabytes(Math.max(0, left))} left`;
	return new RangeError(
		`out of memory: wanted ${megabytes(wanted)} for ${what}, ${rest}`,
	);
}
