import { type Dirent, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { stock } from "./typescript.ts";

/** Something that may be typed at a position. */
export interface Candidate {
	text: string;
	/** What it is, in a word. */
	kind: string;
}

/** What a folder holds, in order; nothing when there is none. */
function listed(folder: string): Dirent[] {
	try {
		const found = readdirSync(folder, { withFileTypes: true });
		return found.sort((a, b) => (a.name < b.name ? -1 : 1));
	} catch {
		return [];
	}
}

const isFolder = ({ parentPath, name }: Dirent): boolean =>
	stock.sys.directoryExists(join(parentPath, name));

/** The files that a text may name which begins so, seen from the folder of the notebook; hidden ones when it begins with a dot. */
export function filesFor(typed: string): Candidate[] {
	const name = typed.slice(typed.lastIndexOf("/") + 1);
	const folder = typed.slice(0, typed.length - name.length);
	const path = folder.replace(/^~(?=\/)/, homedir());
	return listed(resolve(path || "."))
		.filter((each) => name || !each.name.startsWith("."))
		.filter((each) => each.name.startsWith(name))
		.map((each) =>
			isFolder(each)
				? { text: `${folder}${each.name}/`, kind: "folder" }
				: { text: folder + each.name, kind: "file" },
		);
}

/** The names of the packages that are installed for a folder. */
export function packagesFor(folder: string): string[] {
	const found = new Set<string>();
	for (let at = folder; ; at = dirname(at)) {
		const installed = join(at, "node_modules");
		for (const { name } of listed(installed)) {
			if (/^\.|^@types$/.test(name)) continue;
			if (!name.startsWith("@")) found.add(name);
			else
				for (const inner of listed(join(installed, name)))
					found.add(`${name}/${inner.name}`);
		}
		if (dirname(at) === at) return [...found];
	}
}
