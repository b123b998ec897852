import { expect, test } from "vitest";
import { findPython } from "../../.setup/python.mjs";
import { house } from "./house.ts";

const answers = (version: string, venv = "venv") =>
	`printf '${version}\\n/opt/python\\n${venv}\\n'`;

test("Python 3.11 is new enough", () => {
	const { env, script } = house();
	script("bin/python3", answers("3.11.0"));
	expect(findPython(env)).toEqual({ path: "/opt/python", version: "3.11.0" });
});

test("an old python3 is passed over for a newer python3.13", () => {
	const { env, script } = house();
	script("bin/python3", answers("3.9.6"));
	script("bin/python3.13", answers("3.13.1"));
	expect(findPython(env).version).toBe("3.13.1");
});

test("a Python that is too old is named, with what to install", () => {
	const { env, script } = house();
	script("bin/python3", answers("3.9.6"));
	expect(() => findPython(env)).toThrow(
		/^Python 3\.9\.6 \(\/opt\/python\) is too old: install Python 3\.11 or later/,
	);
});

test("Debian's Python without its venv package is told apart", () => {
	const { env, script } = house();
	script("bin/python3", answers("3.11.2", ""));
	expect(() => findPython(env)).toThrow(/`sudo apt install python3-venv`/);
});

test("without any Python the sentence says which to install", () => {
	const { env, script } = house();
	script("bin/python3", "exit 127");
	expect(() => findPython(env)).toThrow(
		/^Python is missing: install Python 3\.11/,
	);
});
