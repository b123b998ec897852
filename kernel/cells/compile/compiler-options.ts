import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompilerOptions } from "typescript-cells";
import { projectOptions } from "./project-config.ts";
import { stock } from "./typescript.ts";

const require = createRequire(import.meta.url);

/** Where the types of Node are when a project brings none of its own. */
const ownTypes = dirname(dirname(require.resolve("@types/node/package.json")));

const own = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The `node_modules/@types` folders from a directory upwards, as the compiler's own search finds them. */
export function typeRoots(from: string): string[] {
	const roots: string[] = [];
	for (let directory = from; ; directory = dirname(directory)) {
		const root = join(directory, "node_modules/@types");
		if (stock.sys.directoryExists(root)) roots.push(root);
		if (dirname(directory) === directory) return roots;
	}
}

/** How cells are checked and emitted: modern TypeScript for the Node that runs them, packages resolved as bundlers do. */
export function cellOptions(directory: string): CompilerOptions {
	const project = projectOptions(directory);
	return {
		...{ jsx: stock.JsxEmit.React, ...project },
		target: stock.ScriptTarget.ES2024,
		module: stock.ModuleKind.Preserve, // import and require side by side
		moduleResolution: stock.ModuleResolutionKind.Bundler,
		// What is new since ES2024 and in Node 24: iterator helpers, Set methods, Float16Array, disposables. No DOM.
		lib: ["lib.esnext.d.ts"],
		libReplacement: false, // nobody looks for eighty packages that might replace them
		types: ["node"],
		typeRoots: [...typeRoots(directory), ownTypes],
		allowImportingTsExtensions: true,
		allowJs: true,
		checkJs: false,
		declaration: true,
		esModuleInterop: true,
		// what cells import under these names is part of the kernel that runs them, wherever that is installed
		paths: {
			...project.paths,
			"@unrolled/kernel": [own("../../index.d.ts")],
			"@unrolled/kernel/widgets": [own("../../widgets/index.d.ts")],
			tslab: [require.resolve("tslab").replace(/\.js$/, ".d.ts")],
		},
		newLine: stock.NewLineKind.LineFeed,
		outDir: "outDir",
		resolveJsonModule: true,
		skipLibCheck: true,
	};
}
