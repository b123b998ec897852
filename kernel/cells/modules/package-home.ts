import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { propertyOf } from "../../safely.ts";
import { isPackage, OWN_FILE } from "../compile/packages.ts";

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
