/** `unrolled-kernel install | list | remove`: tells Jupyter of this kernel, in the manner of `ipykernel install`. */
import { execFileSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const USAGE = `unrolled-kernel install [where] [--name NAME] [--display-name TEXT]
unrolled-kernel list [where]
unrolled-kernel remove [where] [--name NAME]
where: --user (the default), --sys-prefix (the environment of the python on the path) or --prefix DIRECTORY`;

/** The kernel joined to a few files, by .setup/bundle.mjs: so it starts sooner. */
const main = fileURLToPath(new URL("./node/main.js", import.meta.url));
const logos = fileURLToPath(new URL("../logos", import.meta.url));

/** The folder of kernelspecs below a prefix, as Jupyter lays it out. */
export const specsOf = (prefix: string): string =>
	join(resolve(prefix), "share/jupyter/kernels");

function userSpecs(): string {
	const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
	if (JUPYTER_DATA_DIR) return join(JUPYTER_DATA_DIR, "kernels");
	if (process.platform === "darwin")
		return join(homedir(), "Library/Jupyter/kernels");
	if (process.platform === "win32" && APPDATA)
		return join(APPDATA, "jupyter/kernels");
	return join(
		XDG_DATA_HOME || join(homedir(), ".local/share"),
		"jupyter/kernels",
	);
}

/** The `kernel.json` of this kernel, for the Node that runs now. */
export function kernelSpec(displayName: string) {
	return {
		argv: [
			process.execPath,
			// An interrupted timer leaves Node's account of callbacks unbalanced, at which it would abort the process.
			"--no-force-async-hooks-checks",
			// What the checks of a cell leave behind is collected sooner than Node would, so that the kernel stays small.
			"--max-semi-space-size=8",
			"--heap-growing-percent=50",
			// The compiler recurses: at twice the usual, it holds 800 calls that are chained or nested.
			"--stack-size=2000",
			main,
			"{connection_file}",
		],
		// What large messages took goes back to the system.
		env: {
			MALLOC_ARENA_MAX: "2",
			MALLOC_MMAP_THRESHOLD_: "131072",
			MALLOC_TRIM_THRESHOLD_: "131072",
		},
		display_name: displayName,
		language: "typescript",
		interrupt_mode: "message",
		metadata: { debugger: false },
	};
}

/** The kernel runs in the Node that installs it. @throws Error when that is too old. */
export function checkNode(version: string): void {
	if (Number.parseInt(version, 10) >= 24) return;
	throw new Error(
		`the kernel needs Node 24 or later, and this is ${version}: run unrolled-kernel with a newer one`,
	);
}

/** Writes the kernelspec and gives its folder. Writes nothing when it is there already. */
export function install(
	specs: string,
	name: string,
	displayName: string,
): string {
	const folder = join(specs, name);
	const file = join(folder, "kernel.json");
	const text = `${JSON.stringify(kernelSpec(displayName), null, 2)}\n`;
	if (existsSync(file) && readFileSync(file, "utf8") === text) return folder;
	mkdirSync(folder, { recursive: true });
	cpSync(logos, folder, { recursive: true });
	writeFileSync(file, text);
	return folder;
}

/** Folders of kernelspecs that start this kernel. */
export function list(specs: string): string[] {
	if (!existsSync(specs)) return [];
	const folders = readdirSync(specs).map((name) => join(specs, name));
	return folders.filter((folder) => {
		const file = join(folder, "kernel.json");
		return (
			existsSync(file) &&
			readFileSync(file, "utf8").includes(JSON.stringify(main))
		);
	});
}

function act(): void {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			user: { type: "boolean" },
			"sys-prefix": { type: "boolean" },
			prefix: { type: "string" },
			name: { type: "string", default: "unrolled" },
			"display-name": { type: "string", default: "TypeScript (Unrolled)" },
			help: { type: "boolean", short: "h" },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	const python = () =>
		execFileSync("python3", ["-c", "import sys; print(sys.prefix)"], {
			encoding: "utf8",
		}).trim();
	let specs = userSpecs();
	if (values.prefix) specs = specsOf(values.prefix);
	else if (values["sys-prefix"]) specs = specsOf(python());
	const [order = "install"] = positionals;
	if (order === "install") {
		checkNode(process.versions.node);
		console.log(
			`Installed in ${install(specs, values.name, values["display-name"])}`,
		);
	} else if (order === "list") console.log(list(specs).join("\n") || "none");
	else if (order === "remove") {
		const folder = join(specs, values.name);
		if (!list(specs).includes(folder))
			throw new Error(`there is no kernel of Unrolled in ${folder}`);
		rmSync(folder, { recursive: true });
		console.log(`Removed ${folder}`);
	} else throw new Error(`unknown order "${order}"\n${USAGE}`);
}

/** Does what the command line says; a failure is one sentence and exit code 1. */
export function run(): void {
	try {
		act();
	} catch (error) {
		console.error(`unrolled-kernel: ${(error as Error).message}`);
		process.exitCode = 1;
	}
}

if (import.meta.main) run();
