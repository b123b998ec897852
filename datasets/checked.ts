import { createHash } from "node:crypto";

/** A set of data says where it is from and what one may do with it. */
export interface Origin {
	/** The package and version, and what stood before it. */
	source: string;
	licence: string;
}

/**
 * Passes on data whose SHA-256 is the one written down, so that a lesson's numbers mean the same everywhere.
 * @throws when it is another one: what was read, and which package to install again.
 */
export function checked<T extends string | Uint8Array>(
	data: T,
	{ what, sha256, from }: { what: string; sha256: string; from: string },
): T {
	const found = createHash("sha256").update(data).digest("hex");
	if (found !== sha256)
		throw new Error(
			`${what} is not the data this package was made for: SHA-256 ${found.slice(0, 12)}…, wanted ${sha256.slice(0, 12)}…. It may be damaged or of another version: run \`npm install ${from}\` again`,
		);
	return data;
}
