/**
 * Joins what Node loads of the built packages: a program of two hundred files takes it ten times as long to load as one of a few.
 * Bundlers and types go by the files as they were built; `exports` of a package's `package.json` says which is whose.
 */
import {
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { project } from "./places.mjs";

/** Packages, and the files that others start or load beside those which their `exports` have for Node. */
const packages = {
	lib: [],
	datasets: [],
	kernel: ["main.js", "sockets/thread.js"],
};

const OUT = "dist/node";

/**
 * The files to join from, by the names they get.
 * @param {string} folder @param {string[]} more
 * @returns {Record<string, string>}
 */
function entriesOf(folder, more) {
	const { exports } = JSON.parse(
		readFileSync(join(folder, "package.json"), "utf8"),
	);
	const entries = more.map((path) => [
		basename(path, ".js"),
		join(folder, "dist", path),
	]);
	for (const to of Object.values(exports))
		if (to.node)
			entries.push([basename(to.node, ".js"), join(folder, to.default)]);
	return Object.fromEntries(entries);
}

/**
 * A file's own address is that of the file as it was built; of a file that is an entry, that of the joined one.
 * @param {string} folder @param {Record<string, string>} entries
 * @returns {import("esbuild").Plugin}
 */
const addresses = (folder, entries) => ({
	name: "addresses",
	setup({ onLoad }) {
		const from = join(folder, OUT);
		const names = new Map(
			Object.entries(entries).map(([name, path]) => [path, `./${name}.js`]),
		);
		onLoad({ filter: /\.js$/ }, ({ path }) => {
			const text = readFileSync(path, "utf8");
			const contents = text.replace(
				/new URL\("([^"]+)", import\.meta\.url\)|import\.meta\.url/g,
				(_, /** @type {string | undefined} */ to) => {
					const target = to ? resolve(dirname(path), to) : path;
					const at = names.get(target) ?? relative(from, target);
					const tail = to?.endsWith("/") ? "/" : "";
					const url = `new URL("${at}${tail}", import.meta.url)`;
					return to ? url : `${url}.href`;
				},
			);
			return { contents };
		});
	},
});

/**
 * Gives functions and classes the names again that they have in their own files: joined, two of one name are told apart, and a class that
 * names itself gets another name inside. Errors and values show these names.
 * @param {string} text
 */
function withOwnNames(text) {
	const classes = [...text.matchAll(/^var (\w+) = class (_\1) \{$/gm)];
	const named = classes.reduce(
		(all, [, own, inner]) =>
			all.replaceAll(new RegExp(`(?<![\\w$])${inner}(?![\\w$])`, "g"), own),
		text,
	);
	const renamed = named.matchAll(/^ {2}(\w+) as (\w+),?$/gm);
	const lines = [...renamed].map(
		([, inner, own]) =>
			`Object.defineProperty(${inner}, "name", { value: "${own}" });\n`,
	);
	return named + lines.join("");
}

for (const [name, more] of Object.entries(packages)) {
	const folder = join(project, name);
	const entries = entriesOf(folder, more);
	const outdir = join(folder, OUT);
	const { outputFiles } = await build({
		write: false,
		entryPoints: entries,
		outdir,
		bundle: true,
		splitting: true,
		format: "esm",
		platform: "node",
		target: "es2024",
		packages: "external",
		logLevel: "warning",
		plugins: [addresses(folder, entries)],
	});
	rmSync(outdir, { recursive: true, force: true });
	mkdirSync(outdir);
	for (const { path, text } of outputFiles)
		writeFileSync(path, withOwnNames(text));
}

/** The compiler of cells, minified: it is most of what the kernel loads. Made again when another is installed. */
const compiler = createRequire(join(project, "kernel/x.js")).resolve(
	"typescript-cells",
);
const short = join(project, "kernel/dist/short/typescript.cjs");
const { version } = createRequire(compiler)("../package.json");
const mark = `/* typescript ${version} */`;
if (!existsSync(short) || !readFileSync(short, "utf8").startsWith(mark))
	await build({
		entryPoints: [compiler],
		outfile: short,
		banner: { js: mark },
		minify: true,
		platform: "node",
		logLevel: "warning",
	});
