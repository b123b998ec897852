import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isWhole, record } from "./manifest.mjs";
import { outside, places } from "./places.mjs";
import { Problem } from "./problems.mjs";
import { findPython } from "./python.mjs";
import { stamped } from "./stamp.mjs";

/** The version of uv, which installs Python packages in a fraction of pip's time. */
const uv = "uv==0.13.9";

/**
 * Installs what a file lists, by uv, into .venv or where `more` says.
 * @param {string} root @param {NodeJS.ProcessEnv} env @param {import("./steps.mjs").Run} run
 * @param {string[]} list the file, and further arguments that uv and pip both know
 */
export async function install(root, env, run, [file, ...more]) {
	const { python } = places(root);
	const here = { cwd: root, env: outside(root, env) };
	const pip = ["-m", "pip", "install", "--no-input"];
	const list = ["-r", join(root, file), ...more];
	try {
		await run(python, [...pip, uv], here);
		const flags = ["--no-cache", "--system-certs", "--python", python];
		await run(python, ["-m", "uv", "pip", "install", ...flags, ...list], here);
	} catch (error) {
		// uv does not read pip's own settings (a mirror, a proxy's certificate), so pip tries as well.
		if (!(error instanceof Problem)) throw error;
		await run(python, [...pip, ...list], here);
	}
}

/**
 * The step that makes .venv and installs JupyterLab and the course tools into it.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import("./steps.mjs").Step}
 */
export function jupyter(root, env) {
	const { venv, files } = places(root);
	const list = join(files, "venv");
	const around = outside(root, env);
	const step = stamped(root, {
		name: "jupyter",
		say: "Installing JupyterLab into .venv",
		needs: 450,
		stamp: ".venv/.unrolled",
		from: [
			".setup/requirements.txt",
			".setup/constraints.txt",
			"kernel/papermill",
		],
		words: [root],
		makes: [".venv/bin/python", ".venv/bin/jupyter"],
		check: () => findPython(around),
		async run(run) {
			const found = findPython(around);
			rmSync(venv, { recursive: true, force: true });
			await run(found.path, ["-m", "venv", "--prompt", "unrolled", venv], {
				env: around,
			});
			// JupyterLab's builder runs a CommonJS file from in there, which our package.json would call a module.
			writeFileSync(join(venv, "package.json"), '{ "type": "commonjs" }\n');
			await install(root, env, run, [".setup/requirements.txt"]);
			record(venv, list);
		},
	});
	return { ...step, done: () => step.done() && isWhole(venv, list) };
}
