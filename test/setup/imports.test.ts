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
	["weights.ts", "masks.ts"],
	["cells"],
	["layers"],
	["tree"],
	["train", "decode", "inspect"],
	["save"],
	["index.ts"],
];
/** The one file that may ask for a built-in of Node's. */
const door = "backend/platform.ts";

const lib = join(project, "lib");
interface Source {
	/** Its path under the folder. */
	file: string;
	text: string;
}
const sourcesOf = (folder: string): Source[] =>
	files(folder)
		.filter((file) => /(?<!\.d)\.ts$/.test(file))
		.filter((file) => !/\/(kernels|dist|node_modules)\//.test(file))
		.map((file) => ({
			file: relative(folder, file),
			text: readFileSync(file, "utf8"),
		}));
const sources = sourcesOf(lib);

/** Every module named in an import or a re-export. */
const imports = (text: string) =>
	[...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)"([^"\n]+)"/g)].map(
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

/** The rooms of the kernel, each with what it may import beside itself and {@link LEAVES}. */
const ROOMS: Record<string, string[]> = {
	protocol: [],
	"guard.ts": [],
	life: ["guard.ts", "processes.ts"],
	"cells/compile": [],
	"cells/modules": ["cells/compile", "guard.ts", "life"],
	"cells/run": [
		"cells/compile",
		"cells/modules",
		"guard.ts",
		"life",
		"termination.ts",
	],
	output: ["cells/compile", "cells/run", "guard.ts", "host.ts", "life"],
	sockets: ["info.ts", "processes.ts"],
	widgets: ["host.ts", "index.ts", "output"],
	session: [
		"cells/compile",
		"cells/modules",
		"cells/run",
		"guard.ts",
		"host.ts",
		"index.ts",
		"info.ts",
		"life",
		"output",
		"termination.ts",
		"widgets",
	],
	"index.ts": ["host.ts"],
	"termination.ts": ["guard.ts"],
	"main.ts": ["guard.ts", "session"],
	"host.ts": [],
	"info.ts": [],
	"install.ts": [],
	"log.ts": [],
	"processes.ts": [],
	"safely.ts": [],
};
/** What every room of the kernel may import. */
const LEAVES = ["protocol", "log.ts", "safely.ts"];

const kernel = sourcesOf(join(project, "kernel"));

const roomOf = (path: string): string =>
	path.startsWith("cells/")
		? path.split("/").slice(0, 2).join("/")
		: part(path);

/** The files under the same folder that a file imports. */
const targetsOf = ({ file, text }: Source): string[] =>
	imports(text)
		.filter((name) => name.startsWith("."))
		.map((name) => join(dirname(file), name));

function outOfRoom(source: Source): string[] {
	const own = roomOf(source.file);
	const allowed = [own, ...LEAVES, ...(ROOMS[own] ?? [])];
	return targetsOf(source)
		.filter((target) => !allowed.includes(roomOf(target)))
		.map((target) => `${source.file} imports ${target}`);
}

/** A way from a file back to itself by imports, if there is one. */
function circleIn(sources: Source[]): string[] | undefined {
	const targets = new Map(sources.map((each) => [each.file, targetsOf(each)]));
	const done = new Set<string>();
	const from = (file: string, way: string[]): string[] | undefined => {
		if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
		if (done.has(file)) return undefined;
		for (const target of targets.get(file) ?? []) {
			const circle = from(target, [...way, file]);
			if (circle) return circle;
		}
		done.add(file);
		return undefined;
	};
	for (const { file } of sources) {
		const circle = from(file, []);
		if (circle) return circle;
	}
	return undefined;
}

test("a wrong way and a circle in the kernel are seen", () => {
	const run = {
		file: "cells/run/a.ts",
		text: 'import { b } from "../modules/b.ts";',
	};
	const modules = {
		file: "cells/modules/b.ts",
		text: 'import { a } from "../run/a.ts";',
	};
	expect(outOfRoom(run)).toEqual([]);
	expect(outOfRoom(modules)).toEqual([
		"cells/modules/b.ts imports cells/run/a.ts",
	]);
	expect(circleIn([run, modules])).toEqual([
		"cells/run/a.ts",
		"cells/modules/b.ts",
		"cells/run/a.ts",
	]);
	expect(circleIn([run])).toBeUndefined();
});

test("every file of the kernel has a room, and imports only from those that it may", () => {
	const lost = kernel.filter(({ file }) => !(roomOf(file) in ROOMS));
	expect(lost.map(({ file }) => file)).toEqual([]);
	expect(kernel.flatMap(outOfRoom)).toEqual([]);
});

test.each([
	["the library", sources],
	["the kernel", kernel],
	["the data sets", sourcesOf(join(project, "datasets"))],
])(
	"%s: no files import each other in a circle, types included",
	(_, sources) => {
		expect(sources.length).toBeGreaterThan(10);
		expect(circleIn(sources)).toBeUndefined();
	},
);
