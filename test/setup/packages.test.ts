import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";

interface Package {
	optionalDependencies?: Record<string, string>;
	dependencies?: Record<string, string>;
	devDependencies?: Record<string, string>;
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
		const { dependencies, devDependencies }: Package = read(
			join(folder, "package.json"),
		);
		const locked = packages[folder];
		expect(locked.dependencies, folder).toEqual(dependencies);
		expect(locked.devDependencies, folder).toEqual(devDependencies);
	}
});
