import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { inVenv } from "../lessons/notebooks.ts";

/** Lessons by the two plugins of pytest that run notebooks; `npm test` tries these on small notebooks. */
const lessons = ["03-jordan", "05-unstable-gradients"].map((name) =>
	join("notebooks", `${name}.ipynb`),
);

test.each([["--nbmake"], ["--nbval-lax", "--nbval-cell-timeout=600"]])(
	"lessons pass by pytest %s",
	async (...options) => {
		const { code, output } = await inVenv(
			"python",
			["-m", "pytest", ...options, "-p", "no:cacheprovider", ...lessons],
			{ cwd: project },
		);
		console.log(output.trim().split("\n").at(-1));
		expect(code, output).toBe(0);
	},
);
