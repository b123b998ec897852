import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as unrolled from "unrolled";
import * as plot from "unrolled/plot";
import { expect, test, vi } from "vitest";
import { places, project } from "../../.setup/places.mjs";
import { notebooks } from "../lessons/notebooks.ts";

const read = (path: string) => readFileSync(join(project, path), "utf8");
const readme = read("README.md");
const contributing = read("CONTRIBUTING.md");

test("the README lists every lesson and the gallery, in order, each with a picture", () => {
	const listed = [
		...readme.matchAll(
			/\]\(notebooks\/([^)]+)\) \|[^|]*\| <img src="([^"]+)"/g,
		),
	];
	expect(listed.map((found) => found[1])).toEqual(notebooks);
	expect(listed.map((found) => found[2])).toEqual(
		notebooks.map(
			(name) => `.github/lessons/${name.replace(".ipynb", ".png")}`,
		),
	);
});

test("the links of the README and of CONTRIBUTING lead to files", () => {
	const links = [
		...`${readme}\n${contributing}`.matchAll(
			/(?:\]\(|src=")(?!http)([^)"#]+)[)"]/g,
		),
	];
	const lost = links
		.map((found) => found[1])
		.filter((path) => !existsSync(join(project, path)));
	expect(lost).toEqual([]);
});

test("the README names every function of the library", () => {
	const lost = Object.entries(unrolled)
		.filter(([, value]) => typeof value === "function")
		.map(([name]) => name)
		.filter((name) => !readme.includes(`\`${name}\``));
	expect(lost).toEqual([]);
});

test("the gallery shows every kind of picture", () => {
	const kinds = Object.entries(plot)
		.filter(([, value]) => typeof value === "function")
		.map(([name]) => name);
	const gallery = read("notebooks/gallery.ipynb");
	const lost = kinds.filter((name) => !gallery.includes(`${name}(`));
	// what shows other pictures, or those of other programs
	expect(lost.sort()).toEqual(["canvas", "live", "progressBar"]);
});

test("CONTRIBUTING says why each dependency is here", () => {
	const packages = [
		"package.json",
		"lib/package.json",
		"kernel/package.json",
		"datasets/package.json",
		".site/package.json",
		"lib/backend/wasm/kernels/package.json",
	]
		.map((path) => JSON.parse(read(path)))
		.flatMap(({ dependencies, devDependencies }) =>
			Object.keys({ ...dependencies, ...devDependencies }),
		);
	const requirements = [
		...read(".setup/requirements.txt").matchAll(/^([\w-]+)==/gm),
	].map((found) => found[1]);
	const unexplained = [...packages, ...requirements]
		.filter((name) => name !== "unrolled")
		.filter((name) => !contributing.includes(`\`${name}\``));
	expect(unexplained).toEqual([]);
});

test("the README's example runs, and learns", async () => {
	const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
	const file = join(project, "test/report/readme/example.ts");
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, code);
	const print = vi.spyOn(console, "log").mockImplementation(() => {});
	await import(/* @vite-ignore */ file);
	const losses = print.mock.calls.map(([, loss]) => loss as number);
	print.mockRestore();
	expect(losses.length).toBeGreaterThan(3);
	expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]);
});

test.for([
	["README.md", 1, "{ step: 20 }"],
	["lib/README.md", 0, "200 "],
	["datasets/README.md", 1, "3.5"],
] as const)("a sample of %s runs by itself", ([file, index, shown]) => {
	const [, code] = [...read(file).matchAll(/```ts\n([\s\S]*?)```/g)][index];
	const folder = join(project, "test/report/readme");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "weather.csv"), "date,temperature\n1 May,3.5\n");
	writeFileSync(join(folder, "sample.ts"), code);
	const printed = execFileSync(places(project).node, ["sample.ts"], {
		cwd: folder,
		encoding: "utf8",
	});
	expect(printed).toContain(shown);
});
