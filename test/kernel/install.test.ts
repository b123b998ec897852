import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { checkNode } from "../../kernel/install.ts";
import { REPOSITORY } from "./client.ts";

const prefix = mkdtempSync(join(tmpdir(), "unrolled install "));

const command = async (...args: string[]) => {
	const bin = join(REPOSITORY, "kernel/bin.mjs");
	const run = promisify(execFile)(process.execPath, [bin, ...args]);
	return run.then(
		({ stdout }) => stdout.trim(),
		(error: { stderr: string; code: number }) =>
			`${error.code}: ${error.stderr.trim()}`,
	);
};

test("the kernel is installed, listed and removed below a prefix", async () => {
	const folder = join(prefix, "share/jupyter/kernels/mine");
	const place = ["--prefix", prefix];
	expect(await command("list", ...place)).toBe("none");
	expect(await command("install", ...place, "--name", "mine")).toBe(
		`Installed in ${folder}`,
	);
	const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
	expect(spec).toMatchObject({
		display_name: "TypeScript (Unrolled)",
		language: "typescript",
		interrupt_mode: "message",
	});
	expect(existsSync(spec.argv[0])).toBe(true);
	for (const logo of ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"])
		expect(existsSync(join(folder, logo)), logo).toBe(true);
	expect(await command("list", ...place)).toBe(folder);
	expect(await command("remove", ...place, "--name", "mine")).toBe(
		`Removed ${folder}`,
	);
	expect(await command("list", ...place)).toBe("none");
});

test("what cannot be done is said in one sentence", async () => {
	expect(await command("remove", "--prefix", prefix)).toMatch(
		/^1: unrolled-kernel: there is no kernel of Unrolled in .*\/unrolled$/,
	);
	expect(await command("frobnicate")).toMatch(
		/^1: unrolled-kernel: unknown order "frobnicate"/,
	);
});

test("a Node that is too old is refused", () => {
	expect(() => checkNode("20.20.2")).toThrow(
		"the kernel needs Node 24 or later, and this is 20.20.2",
	);
	expect(checkNode(process.versions.node)).toBeUndefined();
});
