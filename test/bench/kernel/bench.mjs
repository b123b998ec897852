/** Measures our kernel beside stock tslab, Deno's kernel and ipykernel: `npm run bench -- kernel [--rounds 9]`. */
import { spawnSync } from "node:child_process";
import { ensure } from "../../../.setup/ensure.mjs";
import { environment, places, project } from "../../../.setup/places.mjs";

await ensure(project);
const { status } = spawnSync(
	places(project).python,
	[`${import.meta.dirname}/bench.py`, ...process.argv.slice(2)],
	{ stdio: "inherit", env: environment(project, process.env) },
);
process.exitCode = status ?? 1;
