/**
 * `npm run bench -- NAME`: runs test/bench/NAME/bench.mjs. Each bench has a package of its own for its peers, which is
 * installed here and never by `npm test`. Further arguments go to the bench.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const names = readdirSync(here).filter((name) =>
	existsSync(join(here, name, "bench.mjs")),
);
const [name, ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
	console.error(`npm run bench -- NAME, where NAME is ${names.join(" or ")}`);
	process.exit(2);
}
const folder = join(here, name);
if (
	existsSync(join(folder, "package.json")) &&
	!existsSync(join(folder, "node_modules"))
) {
	execFileSync("npm", ["ci", "--no-audit", "--no-fund"], {
		cwd: folder,
		stdio: "inherit",
	});
}
process.argv = [process.argv[0], join(folder, "bench.mjs"), ...rest];
await import(join(folder, "bench.mjs"));
