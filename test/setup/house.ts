import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensure } from "../../.setup/ensure.mjs";

/**
 * A fresh clone in miniature, in a temporary folder. Its npm, python3 and node are shell scripts that note how they were
 * called, and the only programs on its PATH.
 */
export function house() {
	const root = mkdtempSync(join(tmpdir(), "unrolled-"));
	const bin = join(root, "bin");
	const log = join(root, "log");
	const write = (path: string, text: string) => {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		rmSync(join(root, path), { force: true }); // never write through a link
		writeFileSync(join(root, path), text);
	};
	const script = (path: string, text: string) => {
		write(path, `#!/bin/sh\n${text}\n`);
		chmodSync(join(root, path), 0o755);
	};
	const own = `node-${process.platform}-${process.arch}`;
	const packages = { "node_modules/a": { version: "1.0.0" } };
	write("package-lock.json", JSON.stringify({ packages }));
	write(
		"package.json",
		JSON.stringify({ optionalDependencies: { [own]: "24.0.0" } }),
	);
	write(
		"lib/backend/wasm/kernels/package-lock.json",
		JSON.stringify({ packages }),
	);
	write(".setup/requirements.txt", "jupyterlab\n");
	write("lib/index.ts", "export {};\n");
	script(
		"fake/node",
		`echo "node $1" >> ${log}
case "$1" in
  *build.mjs) for d in lib/backend/wasm/built lib/dist/backend/wasm/built; do /bin/mkdir -p $d; echo > $d/$2; done ;;
  *tsc) for d in lib datasets kernel; do /bin/mkdir -p $d/dist; echo > $d/dist/index.js; done; echo > kernel/dist/install.js ;;
  *bundle.mjs) for d in lib datasets kernel; do /bin/mkdir -p $d/dist/node; echo > $d/dist/node/index.js; done; echo > kernel/dist/node/main.js; /bin/mkdir -p kernel/dist/short; echo > kernel/dist/short/typescript.cjs ;;
  *install.js) /bin/mkdir -p $3/share/jupyter/kernels/unrolled; echo '{}' > $3/share/jupyter/kernels/unrolled/kernel.json ;;
esac`,
	);
	script(
		"bin/npm",
		`case "$PWD" in *kernels) echo "npm $1 in kernels" ;; *) echo "npm $1" ;; esac >> ${log}
/bin/rm -rf node_modules; /bin/mkdir -p node_modules/.bin node_modules/a && echo > node_modules/a/index.js && /bin/cp ${root}/fake/node node_modules/.bin/node && /bin/cp package-lock.json node_modules/.package-lock.json`,
	);
	script(
		"bin/python3",
		`case "$1 $2" in
  "-c "*) printf '3.11.4\\n${bin}/python3\\nvenv\\n' ;;
  "-m venv") echo "venv" >> ${log}; /bin/mkdir -p ${root}/.venv/bin; /bin/cp $0 ${root}/.venv/bin/python ;;
  "-m pip") echo "pip $5" >> ${log}
    if [ -e ${root}/offline ]; then echo "NewConnectionError: Temporary failure in name resolution"; exit 1; fi
    echo > ${root}/.venv/bin/jupyter ;;
  "-m uv") echo "uv" >> ${log}
    if [ -e ${root}/mirror ]; then echo "uv cannot reach it"; exit 1; fi
    if [ -e ${root}/offline ]; then echo "NewConnectionError: Temporary failure in name resolution"; exit 1; fi
    echo > ${root}/.venv/bin/jupyter ;;
esac`,
	);
	const said: string[] = [];
	return {
		root,
		said,
		write,
		script,
		env: {
			PATH: bin,
			npm_node_execpath: join(root, "fake/node"),
		} as NodeJS.ProcessEnv,
		/** The programs that ran so far. */
		ran: () =>
			existsSync(log)
				? readFileSync(log, "utf8")
						.replaceAll(`${root}/`, "")
						.trim()
						.split("\n")
				: [],
		ensure() {
			said.length = 0;
			return ensure(root, this.env, (line: string) => said.push(line));
		},
	};
}
