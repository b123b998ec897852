import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { files } from "../../.setup/stamp.mjs";

/** What a file of a row may import: its own folder, and the rows above. */
const rows = [
	["expect"],
	["backend", "random.ts"],
	["scope.ts"],
	["tensor"],
	["tensor.ts", "exercise"],
	["make.ts"],
	["ops", "initialisers.ts", "data"],
	["cells"],
	["layers"],
	["tree"],
	["train", "decode", "inspect"],
	["index.ts"],
];
/** The one file that may ask for a built-in of Node's. */
const door = "backend/platform.ts";

const lib = join(project, "lib");
const sources = files(lib)
	.filter((file) => file.endsWith(".ts") && !/\/kernels\/|\.d\.ts$/.test(file))
	.map((file) => ({
		file: relative(lib, file),
		text: readFileSync(file, "utf8"),
	}));

/** Every module named in an import or a re-export. */
const imports = (text: string) =>
	[...text.matchAll(/(?:\bfrom|\bimport\(?)\s*"([^"]+)"/g)].map(
		(found) => found[1],
	);

/** The folder or root file that a path under lib belongs to. */
const part = (path: string) => path.split("/")[0];
const row = (path: string) =>
	rows.findIndex((names) => names.includes(part(path)));

function wrongWay(file: string, text: string) {
	return imports(text)
		.filter((name) => name.startsWith("."))
		.map((name) => join(dirname(file), name))
		.filter((target) => part(target) !== part(file))
		.filter(
			(target) =>
				part(target) === "plot" ||
				(part(file) === "plot"
					? part(target) !== "expect"
					: row(target) >= row(file)),
		)
		.map((target) => `${file} imports ${target}`);
}

test("a step backwards is seen", () => {
	expect(wrongWay("ops/a.ts", 'import { b } from "../layers/b.ts";')).toEqual([
		"ops/a.ts imports layers/b.ts",
	]);
	expect(
		wrongWay("plot/a.ts", 'import type { T } from "../tensor.ts";'),
	).toHaveLength(1);
	expect(wrongWay("layers/a.ts", 'import { b } from "../ops/b.ts";')).toEqual(
		[],
	);
});

test("every file of lib has a place in the order, and imports only from before it", () => {
	const placed = ({ file }: { file: string }) =>
		part(file) === "plot" || row(file) >= 0;
	const lost = sources.filter((source) => !placed(source));
	expect(lost, "add its folder to `rows`").toEqual([]);
	expect(sources.flatMap(({ file, text }) => wrongWay(file, text))).toEqual([]);
});

/** A circle of files that import each other; none where there is none. */
function circle(graph: Map<string, string[]>): string[] {
	const done = new Set<string>();
	const open: string[] = [];
	const visit = (file: string): string[] => {
		if (open.includes(file)) return [...open.slice(open.indexOf(file)), file];
		if (done.has(file)) return [];
		open.push(file);
		for (const next of graph.get(file) ?? []) {
			const found = visit(next);
			if (found.length > 0) return found;
		}
		open.pop();
		done.add(file);
		return [];
	};
	for (const file of graph.keys()) {
		const found = visit(file);
		if (found.length > 0) return found;
	}
	return [];
}

test("no files of the backend import each other in a circle", () => {
	const backend = sources.filter(({ file }) => part(file) === "backend");
	const graph = new Map(
		backend.map(({ file, text }) => [
			file,
			imports(text).map((name) => join(dirname(file), name)),
		]),
	);
	expect(circle(graph)).toEqual([]);
	graph.get("backend/wasm/memory.ts")?.push("backend/wasm/fused.ts");
	expect(circle(graph)).toContain("backend/wasm/memory.ts");
});

test("lib/index.ts only re-exports", () => {
	const text = readFileSync(join(lib, "index.ts"), "utf8");
	const rest = text
		.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
		.replace(/export\s+(type\s+)?(\{[^}]*\}|\*)\s+from\s+"[^"]+";/g, "");
	expect(rest.trim()).toBe("");
});

test("the library needs nothing of Jupyter's, and of Node's only through one door", () => {
	const own = sources.filter(({ file }) => part(file) !== "plot");
	const outside = own.flatMap(({ file, text }) =>
		imports(text)
			.filter((name) => !name.startsWith("."))
			.map((name) => `${file} imports ${name}`),
	);
	expect(outside).toEqual([]);
	const doors = sources.filter(({ text }) => text.includes("getBuiltinModule"));
	expect(doors.map(({ file }) => file)).toEqual([door]);
});
