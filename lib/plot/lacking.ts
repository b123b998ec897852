/** Why a package did not load, in one line. */
export const reason = (error: unknown): string =>
	error instanceof Error ? error.message.split("\n")[0] : String(error);

/**
 * What an import that fails ends in, for packages that only pictures need (optional peers of `unrolled`): an error that says what to
 * install. Written as `import("elkjs").catch(lacking("a diagram", "elkjs"))`, which bundlers take for a package that may be missing.
 */
export const lacking =
	(what: string, name: string) =>
	(error: unknown): never => {
		throw new Error(
			`${what} needs the package ${name}: npm install ${name} (it did not load: ${reason(error)})`,
			{ cause: error },
		);
	};
