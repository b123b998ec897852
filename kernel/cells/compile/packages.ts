import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of the kernel's own: packages that a notebook's folder does not have are looked up from here. */
export const OWN_FILE = fileURLToPath(import.meta.url);

/** Whether an import names a package, with or without a path inside it. */
export const isPackage = (id: string): boolean =>
	!/^\.{0,2}\/|^\.{1,2}$|^#|:/.test(id) && !isAbsolute(id);
