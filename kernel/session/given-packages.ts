import { tslabForCells } from "../cells/compile/tslab.ts";
import type { GivenPackages } from "../cells/modules/modules.ts";
import * as ownPackage from "../index.ts";
import * as ownWidgets from "../widgets/index.ts";

/** The packages that cells import from the kernel that runs them. */
export const givenPackages: GivenPackages = {
	tslab: tslabForCells,
	"@unrolled/kernel": () => ownPackage,
	"@unrolled/kernel/widgets": () => ownWidgets,
};
