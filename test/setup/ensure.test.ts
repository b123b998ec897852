import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectRoom } from "../../.setup/ensure.mjs";
import { house } from "./house.ts";

const everything = [
	"npm ci",
	"venv",
	"pip",
	"node lib/backend/build.mjs",
	"node node_modules/typescript/bin/tsc",
	"node kernel/dist/install.js",
];

test("a fresh clone is installed, built and registered, each step announced in one line", async () => {
	const fresh = house();
	await fresh.ensure();
	expect(fresh.ran()).toEqual(everything);
	expect(fresh.said).toEqual([
		"Installing Node packages into node_modules (about a minute) …",
		"Installing JupyterLab into .venv (about a minute) …",
		"Compiling the WebAssembly kernels …",
		"Building the library, the data sets and the kernel …",
		"Registering the kernel in .venv …",
	]);
});

test("with everything in place nothing runs and nothing is said", async () => {
	const fresh = house();
	await fresh.ensure();
	await fresh.ensure();
	expect(fresh.ran()).toEqual(everything);
	expect(fresh.said).toEqual([]);
});

test("a changed source is built again, and nothing more", async () => {
	const fresh = house();
	await fresh.ensure();
	fresh.write("lib/index.ts", "export const a = 1;\n");
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual([
		"node node_modules/typescript/bin/tsc",
	]);
});

test("a changed lockfile installs the Node packages again, and builds", async () => {
	const fresh = house();
	await fresh.ensure();
	const packages = { "node_modules/a": { version: "1.0.1" } };
	fresh.write("package-lock.json", JSON.stringify({ packages }));
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual([
		"npm ci",
		"node lib/backend/build.mjs",
		"node node_modules/typescript/bin/tsc",
	]);
});

test("changed requirements make .venv anew, and the kernel is registered in it", async () => {
	const fresh = house();
	await fresh.ensure();
	fresh.write(".setup/requirements.txt", "jupyterlab\nplotly\n");
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual([
		"venv",
		"pip",
		"node kernel/dist/install.js",
	]);
});

test("what was deleted is made again", async () => {
	const fresh = house();
	await fresh.ensure();
	rmSync(join(fresh.root, "datasets/dist"), { recursive: true });
	await fresh.ensure();
	expect(fresh.ran().slice(everything.length)).toEqual([
		"node node_modules/typescript/bin/tsc",
	]);
});

test("an installation that broke off is done again from the start", async () => {
	const fresh = house();
	fresh.write("offline", "");
	await expect(fresh.ensure()).rejects.toThrow(
		/^Installing JupyterLab into .venv failed: the package registry cannot be reached/,
	);
	rmSync(join(fresh.root, "offline"));
	await fresh.ensure();
	expect(fresh.ran()).toEqual([
		"npm ci",
		"venv",
		"pip",
		...everything.slice(1),
	]);
});

test("two set-ups at the same time do the work once", async () => {
	const fresh = house();
	await Promise.all([fresh.ensure(), fresh.ensure()]);
	expect(fresh.ran()).toEqual(everything);
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
	const step = { say: "Installing a planet (about a minute)", needs: 1e12 };
	expect(() => expectRoom(root, step)).toThrow(
		/^Installing a planet needs 1000000000000 MB and the disk has \d+ MB left: free some/,
	);
	expect(() => expectRoom(root, { say: "Nothing" })).not.toThrow();
});
