// Builds the kernels: one AssemblyScript source, a module for engines with relaxed SIMD and one for plain SIMD.
// `node lib/backend/wasm/build.mjs` makes both, in a process for each, and `node lib/backend/wasm/build.mjs relaxed.wasm` that one.
// A module whose stamp says that its sources have not changed is left as it is.
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

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(builds);
const now = digest();
const stale = names.filter(
	(name) => !existsSync(join(target, name)) || stampOf(name) !== now,
);
if (stale.length === 1) await compile(stale[0]);
else await Promise.all(stale.map(compileApart));
copyTo(beside);

/** @param {string} name @returns {string} what the module was made from */
function stampOf(name) {
	const file = join(target, `${name}.stamp`);
	return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** @param {string} name */
async function compileApart(name) {
	const command = [fileURLToPath(import.meta.url), name];
	const { stderr } = await promisify(execFile)(process.execPath, command);
	if (stderr) console.error(stderr);
}

/** @param {string} name */
async function compile(name) {
	const { default: asc } = await import("./kernels/asc.mjs");
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
	writeFileSync(join(target, `${name}.stamp`), now);
}

/** What the modules are made from: the sources, the constants, this file and the compiler's version. */
function digest() {
	const hash = createHash("sha256");
	const own = [fileURLToPath(import.meta.url), constants];
	const files = readdirSync(sources)
		.filter((name) => /\.ts$|^package-lock\.json$/.test(name))
		.sort()
		.map((name) => join(sources, name));
	for (const file of own.concat(files)) hash.update(readFileSync(file));
	return hash.digest("hex");
}

/** The built library finds the modules beside itself, as the sources do. */
function copyTo(folder) {
	mkdirSync(folder, { recursive: true });
	for (const name of names)
		copyFileSync(join(target, name), join(folder, name));
}
