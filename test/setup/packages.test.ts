import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { places, project } from "../../.setup/places.mjs";

interface Package {
	optionalDependencies?: Record<string, string>;
	dependencies?: Record<string, string>;
	devDependencies?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	peerDependenciesMeta?: Record<string, { optional: boolean }>;
}
const read = (path: string) =>
	JSON.parse(readFileSync(join(project, path), "utf8"));

test("package-lock.json holds every package for every system, without which npm ci refuses it", () => {
	const { packages }: { packages: Record<string, Package> } =
		read("package-lock.json");
	const missing = Object.entries(packages).flatMap(
		([path, { optionalDependencies = {} }]) =>
			Object.keys(optionalDependencies).filter(
				(name) =>
					!packages[`node_modules/${name}`] &&
					!packages[`${path}/node_modules/${name}`],
			),
	);
	expect(missing).toEqual([]);
});

test("package-lock.json was made from the package.json files as they are", () => {
	const { packages }: { packages: Record<string, Package> } =
		read("package-lock.json");
	for (const folder of ["", "lib", "kernel", "datasets"]) {
		const own: Package = read(join(folder, "package.json"));
		const locked = packages[folder];
		for (const kind of [
			"dependencies",
			"devDependencies",
			"optionalDependencies",
			"peerDependencies",
		] as const)
			expect(locked[kind], folder).toEqual(own[kind]);
	}
});

test("each Python package runs on the oldest Python that the set-up takes", () => {
	const asked = `
from importlib.metadata import distributions
from packaging.specifiers import SpecifierSet
for found in distributions():
    if not SpecifierSet(found.metadata["Requires-Python"] or "").contains("3.11.0"):
        print(found.name, found.version, found.metadata["Requires-Python"])
`;
	const { stdout, stderr } = spawnSync(places(project).python, ["-c", asked], {
		encoding: "utf8",
	});
	expect(stdout + stderr).toBe("");
});

test("who installs the library alone gets no packages for pictures, and the project has each of them", () => {
	const own: Package = read("lib/package.json");
	const { devDependencies }: Package = read("package.json");
	expect(Object.keys(own.dependencies ?? {})).toEqual(["ml-hclust", "ml-pca"]);
	const peers = Object.entries(own.peerDependencies ?? {});
	expect(peers).toHaveLength(5);
	for (const [name, range] of peers) {
		expect(own.peerDependenciesMeta?.[name]?.optional, name).toBe(true);
		expect(range, name).toBe(`^${devDependencies?.[name]}`);
	}
});

test.each(["lib", "kernel", "datasets"])(
	"the package in %s brings its README and licence, and nothing of the build",
	(folder) => {
		const pack = spawnSync("npm", ["pack", "--dry-run", "--json"], {
			cwd: join(project, folder),
			encoding: "utf8",
		});
		const [{ files }] = JSON.parse(pack.stdout) as [
			{ files: { path: string }[] },
		];
		const paths = files.map((file) => file.path);
		expect(paths).toContain("README.md");
		expect(paths).toContain("LICENSE");
		expect(paths).toContain("dist/index.js");
		expect(paths).toContain("dist/index.d.ts");
		expect(
			paths.filter((path) => /\.(map|tsbuildinfo)$|(^|\/)test/.test(path)),
		).toEqual([]);
		const { keywords, engines, exports } = read(join(folder, "package.json"));
		expect(keywords.length).toBeGreaterThan(3);
		expect(engines.node).toMatch(/^>=/);
		const targets = Object.values(exports).flatMap((to) =>
			Object.values(typeof to === "string" ? { to } : (to as object)),
		);
		for (const target of targets)
			expect(paths).toContain(String(target).replace("./", ""));
	},
);

test("declarations give no type argument to typed arrays, which TypeScript takes since 5.7 only", () => {
	const files = ["lib", "datasets", "kernel"].flatMap((folder) =>
		(
			readdirSync(join(project, folder, "dist"), {
				recursive: true,
			}) as string[]
		).map((path) => join(folder, "dist", path)),
	);
	const wrong = files
		.filter((path) => path.endsWith(".d.ts"))
		.filter((path) =>
			/\b\w+\dArray</.test(readFileSync(join(project, path), "utf8")),
		);
	expect(wrong).toEqual([]);
});

/** The repository's address, in each place that has one: nowhere as long as none is known, else everywhere the same. */
test("package.json, the packages and CITATION.cff name one repository or none", () => {
	const citation = readFileSync(join(project, "CITATION.cff"), "utf8");
	const cited = /^repository-code: "(.+)"$/m.exec(citation)?.[1];
	const wanted = (directory?: string) =>
		cited && {
			type: "git",
			url: `git+${cited}.git`,
			...(directory && { directory }),
		};
	expect(read("package.json").repository).toEqual(wanted());
	for (const folder of ["lib", "kernel", "datasets"])
		expect(read(`${folder}/package.json`).repository, folder).toEqual(
			wanted(folder),
		);
});

test("the packages and CITATION.cff have one version", () => {
	const citation = readFileSync(join(project, "CITATION.cff"), "utf8");
	const cited = /^version: (.+)$/m.exec(citation)?.[1];
	for (const folder of ["lib", "kernel", "datasets"])
		expect(read(`${folder}/package.json`).version, folder).toBe(cited);
});
