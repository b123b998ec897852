import {
	chmodSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { Kernel, REPOSITORY, type StartOptions } from "../kernel/client.ts";

const packages = join(REPOSITORY, "node_modules");

/** Installs a copy of the kernel with tslab among its own packages, not beside it, and gives its folder. */
function nested(base: string): string {
	const folder = join(base, "nested/node_modules/@unrolled/kernel");
	for (const part of ["dist", "globals.d.ts", "package.json"])
		cpSync(join(REPOSITORY, "kernel", part), join(folder, part), {
			recursive: true,
		});
	const own = join(folder, "node_modules");
	mkdirSync(join(own, "@types"), { recursive: true });
	cpSync(join(packages, "tslab"), join(own, "tslab"), { recursive: true });
	const others = [
		...["@rollup", "@tslab", "@types/node", "commander", "glob"],
		...["rollup", "semver", "typescript-cells", "zeromq"],
	];
	for (const name of others) symlinkSync(join(packages, name), join(own, name));
	return folder;
}

export interface Place {
	place: string;
	options: StartOptions & { directory: string };
}

/** The places from which the same table has to hold, and the function that removes them. */
export function makePlaces(): { places: Place[]; remove: () => void } {
	const base = mkdtempSync(join(tmpdir(), "unrolled-places-"));
	const folder = (name: string) => {
		const made = join(base, name);
		mkdirSync(made);
		return made;
	};
	const readOnly = folder("read-only");
	writeFileSync(join(readOnly, "tide.ts"), "export const tide = 6;\n");
	chmodSync(readOnly, 0o555);
	const places = [
		{ place: "the repository", options: { directory: REPOSITORY } },
		{ place: "an empty directory", options: { directory: folder("empty") } },
		{
			place: "a path with spaces",
			options: { directory: folder("Übung 1 (rösti & co)") },
		},
		{ place: "a read-only directory", options: { directory: readOnly } },
		{
			place: "a directory elsewhere, by a kernel with tslab inside",
			options: { directory: folder("elsewhere"), installation: nested(base) },
		},
	];
	const remove = () => {
		chmodSync(readOnly, 0o755);
		rmSync(base, { recursive: true });
	};
	return { places, remove };
}

/** Describes tests in each of the places, with a kernel that runs there. */
export function inEachPlace(
	tests: (the: { kernel: Kernel; options: Place["options"] }) => void,
): void {
	const { places, remove } = makePlaces();
	afterAll(remove);
	describe.each(places)("in $place", ({ options }) => {
		const the = { options } as { kernel: Kernel; options: Place["options"] };
		beforeAll(async () => {
			the.kernel = await Kernel.start(options);
		});
		afterAll(() => the.kernel.stop());
		tests(the);
	});
}
