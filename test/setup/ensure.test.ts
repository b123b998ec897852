import { existsSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { account, expectRoom } from "../../.setup/ensure.mjs";
import { house } from "./house.ts";

/** Two lanes, side by side, and then the kernel's registration. */
const build = [
	"node node_modules/typescript/bin/tsc",
	"node .setup/bundle.mjs",
];
const packages = ["npm ci", "node lib/backend/wasm/build.mjs", ...build];
const venv = ["venv", "pip uv==0.13.9", "uv"];
const register = "node kernel/dist/install.js";
const everything = [...packages, ...venv, register].sort();

/** The programs in the order in which they ran, those alone. */
const only = (ran: string[], wanted: string[]) =>
	ran.filter((program) => wanted.includes(program));

test("a fresh clone is installed, built and registered, each step announced in one line", async () => {
	const fresh = house();
	await fresh.ensure();
	const ran = fresh.ran();
	expect(ran.toSorted()).toEqual(everything);
	expect(only(ran, packages)).toEqual(packages);
	expect(only(ran, venv)).toEqual(venv);
	expect(ran.at(-1)).toBe(register);
	expect(fresh.said.toSorted()).toEqual([
		"Building the library, the data sets and the kernel …",
		"Compiling the WebAssembly kernels …",
		"Installing JupyterLab into .venv …",
		"Installing Node packages into node_modules …",
		"Registering the kernel in .venv …",
	]);
});

test("a long set-up says how long it and its steps took", () => {
	const steps = { packages: 21_400, jupyter: 33_000, register: 600 };
	expect(account(34_600, steps)).toBe(
		"Set up in 35 s: packages 21 s, jupyter 33 s, register 1 s.",
	);
	expect(account(4000, { build: 4000 })).toBeUndefined();
});

test("with everything in place nothing runs and nothing is said", async () => {
	const fresh = house();
	await fresh.ensure();
	await fresh.ensure();
	expect(fresh.ran()).toHaveLength(everything.length);
	expect(fresh.said).toEqual([]);
});

test("a changed source is built again, and nothing more", async () => {
	const fresh = house();
	await fresh.ensure();
	fresh.write("lib/index.ts", "export const a = 1;\n");
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual(build);
});

test("a changed lockfile installs the Node packages again, and builds", async () => {
	const fresh = house();
	await fresh.ensure();
	const newer = { "node_modules/a": { version: "1.0.1" } };
	fresh.write("package-lock.json", JSON.stringify({ packages: newer }));
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual(packages);
});

test("changed requirements make .venv anew, and the kernel is registered in it", async () => {
	const fresh = house();
	await fresh.ensure();
	fresh.write(".setup/requirements.txt", "jupyterlab\nplotly\n");
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual([...venv, register]);
});

test.each([
	["node_modules/a/index.js", packages],
	["node_modules/node", packages],
	["node_modules/.package-lock.json", packages],
	["node_modules", packages],
	[".venv/bin/jupyter", [...venv, register]],
	[".venv/bin/python", [...venv, register]],
	[".venv", [...venv, register]],
])("an installation that lost %s is made anew", async (path, again) => {
	const fresh = house();
	await fresh.ensure();
	rmSync(join(fresh.root, path), { recursive: true });
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual(again);
	await fresh.ensure();
	expect(fresh.said).toEqual([]);
});

test("a package that npm has only written down is installed", async () => {
	const fresh = house();
	await fresh.ensure();
	const version = "1.0.0";
	const both = {
		packages: { "node_modules/a": { version }, "node_modules/b": { version } },
	};
	// as `npm install --package-lock-only` leaves them
	for (const file of ["package-lock.json", "node_modules/.package-lock.json"])
		fresh.write(file, JSON.stringify(both));
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual(packages);
});

test("a .venv whose Python was removed from the system is made anew", async () => {
	const fresh = house();
	await fresh.ensure();
	const python = join(fresh.root, ".venv/bin/python");
	rmSync(python);
	symlinkSync(join(fresh.root, "removed/python3.11"), python);
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual([...venv, register]);
});

test("a missing Python is said before anything is installed", async () => {
	const fresh = house();
	rmSync(join(fresh.root, "bin/python3"));
	await expect(fresh.ensure()).rejects.toThrow(/^Python is missing/);
	expect(fresh.ran()).toEqual([]);
	expect(existsSync(join(fresh.root, "node_modules"))).toBe(false);
});

test("where uv does not reach the registry, pip tries as well", async () => {
	const fresh = house();
	fresh.write("mirror", "");
	const print = vi.spyOn(console, "error").mockImplementation(() => {});
	await fresh.ensure();
	print.mockRestore();
	expect(only(fresh.ran(), [...venv, "pip -r"])).toEqual([...venv, "pip -r"]);
});

test("what was deleted is made again", async () => {
	const fresh = house();
	await fresh.ensure();
	rmSync(join(fresh.root, "datasets/dist"), { recursive: true });
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual(build);
});

test("an installation that broke off is done again from the start", async () => {
	const fresh = house();
	fresh.write("offline", "");
	await expect(fresh.ensure()).rejects.toThrow(
		/^Installing JupyterLab into .venv failed: the package registry cannot be reached/,
	);
	rmSync(join(fresh.root, "offline"));
	await fresh.ensure();
	expect(only(fresh.ran(), venv)).toEqual(["venv", "pip uv==0.13.9", ...venv]);
	expect(only(fresh.ran(), packages)).toEqual(packages);
});

test("two set-ups at the same time do the work once", async () => {
	const fresh = house();
	await Promise.all([fresh.ensure(), fresh.ensure()]);
	expect(fresh.ran().toSorted()).toEqual(everything);
});

test.each([
	[
		"npm error code ENOTFOUND",
		"npm",
		/^Installing Node packages into node_modules failed: the package registry cannot be reached: check the network/,
	],
	[
		"npm error code ENOSPC",
		"npm",
		/^Installing Node packages into node_modules failed: the disk is full: free about/,
	],
	[
		"npm error code EUSAGE\nnpm ci can only install packages when your package.json and package-lock.json are in sync",
		"npm",
		/disagree: run `npm install`/,
	],
])("%s from npm ends in one sentence", async (output, tool, sentence) => {
	const fresh = house();
	fresh.script(`bin/${tool}`, `/bin/cat >&2 <<'END'\n${output}\nEND\nexit 1`);
	await expect(fresh.ensure()).rejects.toThrow(sentence);
	await expect(fresh.ensure()).rejects.toMatchObject({ plain: true });
});

test("a missing npm is said plainly", async () => {
	const fresh = house();
	rmSync(join(fresh.root, "bin/npm"));
	await expect(fresh.ensure()).rejects.toThrow(/npm is missing/);
});

test("too little room on the disk is said before anything is written", () => {
	const { root } = house();
	const step = { say: "Installing a planet", needs: 1e12 };
	expect(() => expectRoom(root, step)).toThrow(
		/^Installing a planet needs 1000000000000 MB and the disk has \d+ MB left: free some/,
	);
	expect(() => expectRoom(root, { say: "Nothing" })).not.toThrow();
});
