import { spawnSync } from "node:child_process";
import { Problem } from "./problems.mjs";

const names = [
	"python3",
	"python3.14",
	"python3.13",
	"python3.12",
	"python3.11",
	"python",
];
const oldest = [3, 11];

/** Says the version, the interpreter itself (never the one of an active .venv), and whether it can make a .venv. */
const question = `
import sys
print("%d.%d.%d" % sys.version_info[:3])
print(getattr(sys, "_base_executable", None) or sys.executable)
try:
    import ensurepip, venv
    print("venv")
except ImportError:
    print("")
`;

/**
 * The first Python on PATH that is new enough and can make a virtual environment.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ path: string, version: string }}
 */
export function findPython(env) {
	let complaint =
		"Python is missing: install Python 3.11 or later (https://www.python.org/downloads), then run the command again.";
	let gravity = 0;
	for (const name of names) {
		const { status, stdout } = spawnSync(name, ["-c", question], {
			env,
			encoding: "utf8",
			timeout: 30_000,
		});
		if (status !== 0) continue;
		const [version, path, venv] = stdout.split("\n");
		const [major, minor] = version.split(".").map(Number);
		if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
			if (gravity < 1) {
				complaint = `Python ${version} (${path}) is too old: install Python 3.11 or later (https://www.python.org/downloads), then run the command again.`;
			}
			gravity = Math.max(gravity, 1);
		} else if (!venv) {
			complaint = `Python ${version} (${path}) cannot make a virtual environment: install its venv package (Debian, Ubuntu: \`sudo apt install python3-venv\`), then run the command again.`;
			gravity = 2;
		} else {
			return { path, version };
		}
	}
	throw new Problem(complaint);
}
