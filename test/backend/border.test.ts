import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { blank } from "../../lib/backend/wasm/run.ts";

test("the host writes the fields of a run in the order in which the kernels read them", () => {
	const file = new URL(
		"../../lib/backend/wasm/kernels/run.ts",
		import.meta.url,
	);
	const [, body] =
		/class FusedRun \{([\s\S]*?)\n\}/.exec(readFileSync(file, "utf8")) ?? [];
	const fields = [...body.matchAll(/^\t(\w+): (?:i32|usize);/gm)];
	expect(Object.keys(blank)).toEqual(fields.map(([, name]) => name));
});
