import { execFileSync } from "node:child_process";
import {
	existsSync,
	readFileSync,
	realpathSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import { join, relative } from "node:path";
import { expect, test, vi } from "vitest";
import { account, ensure, expectRoom } from "../../.setup/ensure.mjs";
import { expectNode24, projectPackages } from "../../.setup/packages.mjs";
import { project } from "../../.setup/places.mjs";
import { allSteps, builders } from "../../.setup/steps.mjs";
import { house } from "./house.ts";

/** Three lanes, side by side, and then the kernel's registration. */
const kernels = ["npm ci in kernels", "node lib/backend/wasm/build.mjs"];
const build = [
	"node node_modules/typescript/bin/tsc",
	"node .setup/bundle.mjs",
];
const packages = ["npm ci", ...build];
const venv = ["venv", "pip uv==0.13.9", "uv"];
const register = "node kernel/dist/install.js";
const everything = [...kernels, ...packages, ...venv, register].sort();

/** The programs in the order in which they ran, those alone. */
const only = (ran: string[], wanted: string[]) =>
	ran.filter((program) => wanted.includes(program));

test("a fresh clone is installed, built and registered, each step announced in one line", async () => {
	const fresh = house();
	await fresh.ensure();
	const ran = fresh.ran();
	expect(ran.toSorted()).toEqual(everything);
	expect(only(ran, kernels)).toEqual(kernels);
	expect(only(ran, packages)).toEqual(packages);
	expect(only(ran, venv)).toEqual(venv);
	for (const before of [...packages, ...venv])
		expect(ran.indexOf(before)).toBeLessThan(ran.indexOf(register));
	expect(fresh.said.toSorted()).toEqual([
		"Building the library, the data sets and the kernel …",
		"Compiling the WebAssembly kernels, relaxed.wasm …",
		"Installing JupyterLab into .venv …",
		"Installing Node packages into node_modules …",
		"Installing the compiler of the WebAssembly kernels …",
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
	["node_modules/.bin/node", packages],
	["lib/backend/wasm/kernels/node_modules/a", kernels.slice(0, 1)],
	["lib/backend/wasm/kernels/node_modules", kernels.slice(0, 1)],
	["lib/backend/wasm/built", kernels.slice(1)],
	["lib/dist/backend/wasm/built/relaxed.wasm", kernels.slice(1)],
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

test("where npm has no Node 24 for the system, the learner's own serves, if it is new enough", async () => {
	const { root, env, script } = house();
	const system = { platform: "plan9", arch: "mips" };
	expect(() => expectNode24("plan9-mips", "20.20.2")).toThrow(
		/^npm has no Node 24 for plan9-mips, and yours is 20.20.2: install Node 24/,
	);
	expect(() => expectNode24("plan9-mips", "24.0.0")).not.toThrow();
	const step = projectPackages(root, env, system);
	const node = join(root, "node_modules/.bin/node");
	script("bin/npm", `/bin/mkdir -p node_modules`);
	await step.run(async (program, args) => {
		execFileSync(program, args, { cwd: root, env });
	});
	expect(realpathSync(node)).toBe(join(root, "fake/node"));
	// the kernel is registered with it, so again with another
	expect(step.words).toEqual([join(root, "fake/node")]);
	const other = { ...env, npm_node_execpath: "/other/node" };
	expect(projectPackages(root, other, system).words).toEqual(["/other/node"]);
	expect(projectPackages(root, other).words).toEqual([]);
});

test("the kernels for engines without relaxed SIMD are compiled by the commands that need them", async () => {
	const fresh = house();
	await fresh.ensure();
	await ensure(fresh.root, fresh.env, () => {}, allSteps);
	expect(fresh.ran().slice(everything.length)).toEqual(kernels.slice(1));
	await ensure(fresh.root, fresh.env, () => {}, allSteps);
	expect(fresh.ran()).toHaveLength(everything.length + 1);
});

test("Binder takes the steps of the set-up", () => {
	const binder = readFileSync(join(project, ".binder/postBuild"), "utf8");
	for (const [, program, ...args] of builders(project))
		expect(binder).toContain(
			["node", relative(project, program), ...args].join(" "),
		);
	expect(binder).toContain(kernels[1]);
	expect(binder).toContain(register);
});
