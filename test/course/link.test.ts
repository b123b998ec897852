import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { environment, places, project } from "../../.setup/places.mjs";
import { Level, levelFor } from "../../kernel/cells/compile/type-levels.ts";

/** The cells of the grader's own, as exam.py makes them. */
const cells = JSON.parse(
	execFileSync(
		places(project).python,
		[
			"-c",
			"import exam, json; print(json.dumps({'examiner': exam.EXAMINER, 'student': exam.STUDENT}))",
		],
		{
			encoding: "utf8",
			env: {
				...environment(project, process.env, { teacher: true }),
				PYTHONPATH: join(project, ".course/nbgrader"),
			},
		},
	),
) as Record<string, string>;

describe("a kernel that examines", () => {
	test.each(Object.entries(cells))(
		"reads no types of Node for the cell of the %s",
		(_, cell) => {
			expect(levelFor(cell)).toBe(Level.first);
		},
	);
});
