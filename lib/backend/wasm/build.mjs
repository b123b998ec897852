// Builds the kernels: one AssemblyScript source, a module for engines with relaxed SIMD and one for plain SIMD.
// `node lib/backend/wasm/build.mjs` does nothing when built/stamp says that the sources have not changed. Else each module is compiled by a
// process of its own, `node lib/backend/wasm/build.mjs relaxed.wasm`, so that both are made at the same time.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const sources = join(here, "kernels");
const constants = join(here, "constants.ts");
const target = join(here, "built");
const beside = join(here, "..", "..", "dist", "backend", "wasm", "built");
const stamp = join(target, "stamp");

const builds = {
	"relaxed.wasm": ["--enable", "relaxed-simd"],
	"simd.wasm": [],
};
const options = [
	...["--runtime", "stub", "-O3", "--noAssert", "--use", "abort="],
	...["--enable", "simd", "--enable", "threads"],
	...["--importMemory", "--sharedMemory", "--initialMemory", "1"],
	...["--maximumMemory", "65536"],
];

const made = Object.keys(builds).map((name) => join(target, name));
const [only] = process.argv.slice(2);
if (only) await compile(only);
else {
	const now = digest();
	const fresh =
		made.every((file) => existsSync(file)) &&
		existsSync(stamp) &&
		readFileSync(stamp, "utf8") === now;
	if (!fresh) {
		await Promise.all(Object.keys(builds).map(compileApart));
		writeFileSync(stamp, now);
	}
	copyTo(beside);
}

/** @param {string} name */
async function compileApart(name) {
	const command = [fileURLToPath(import.meta.url), name];
	const { stderr } = await promisify(execFile)(process.execPath, command);
	if (stderr) console.error(stderr);
}

/** @param {string} name */
async function compile(name) {
	const { default: asc } = await import("assemblyscript/asc");
	mkdirSync(target, { recursive: true });
	const { error, stderr } = await asc.main([
		relative(process.cwd(), join(sources, "index.ts")),
		...options,
		...builds[name],
		...["--outFile", relative(process.cwd(), join(target, name))],
	]);
	const said = stderr.toString();
	if (said) console.error(said);
	if (error) throw error;
}

/** What the modules are made from: the sources, the constants, this file and the compiler's version. */
function digest() {
	const hash = createHash("sha256");
	const own = [fileURLToPath(import.meta.url), constants];
	const files = readdirSync(sources)
		.sort()
		.map((name) => join(sources, name));
	for (const file of own.concat(files, compiler()))
		hash.update(readFileSync(file));
	return hash.digest("hex");
}

function compiler() {
	return fileURLToPath(
		new URL("../package.json", import.meta.resolve("assemblyscript/asc")),
	);
}

/** The built library finds the modules beside itself, as the sources do. */
function copyTo(folder) {
	mkdirSync(folder, { recursive: true });
	for (const file of made)
		copyFileSync(file, join(folder, relative(target, file)));
}
