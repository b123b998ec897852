import { createRequire } from "node:module";
import { dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { propertyOf } from "../output/safely.ts";

/** A file of the kernel's own: packages that a notebook's folder does not have are looked up from here. */
export const OWN_FILE = fileURLToPath(import.meta.url);

/** Whether an import names a package, with or without a path inside it. */
export const isPackage = (id: string): boolean =>
	!/^\.{0,2}\/|^\.{1,2}$|^#|:/.test(id) && !isAbsolute(id);

function isFound(id: string, from: string): boolean {
	try {
		createRequire(resolve(from, "module.js")).resolve(id);
		return true;
	} catch (error) {
		// Other errors are of a package that is there.
		return propertyOf(error, "code") !== "MODULE_NOT_FOUND";
	}
}

/**
 * The folder from which a package is loaded: that of the code which imports it; where it has no such package, the kernel's own, so
 * that a notebook anywhere has the packages of the course.
 */
export function homeOf(id: string, from: string): string {
	const own = dirname(OWN_FILE);
	return isPackage(id) && !isFound(id, from) && isFound(id, own) ? own : from;
}
