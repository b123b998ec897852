import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { affected } from "./changed.ts";
import { notebooks } from "./notebooks.ts";

const names = (...changed: string[]) => affected(project, notebooks, changed);

test("a lesson that changed is run, and no other", () => {
	expect(names("notebooks/04-back-propagation.ipynb")).toEqual([
		"04-back-propagation.ipynb",
	]);
});

test.each(["README.md", "docs/teaching.md", "test/lib/random.test.ts"])(
	"%s affects no lesson",
	(path) => expect(names(path)).toEqual([]),
);

test.each(["kernel/main.ts", "package-lock.json", ".setup/constraints.txt"])(
	"%s affects all",
	(path) => expect(names(path)).toEqual(notebooks),
);

test("a data set affects the lessons that import it, also when another file has it", () => {
	const lessons = names("datasets/surnames.ts");
	expect(lessons).toContain("07-batches.ipynb");
	expect(lessons).not.toContain("04-back-propagation.ipynb");
	expect(names("datasets/installed.ts")).toEqual(
		expect.arrayContaining(lessons), // by which surnames are read
	);
});

test("a cell affects the lessons that import it, and the tensor all", () => {
	const lessons = names("lib/cells/jordan.ts");
	expect(lessons).toContain("03-jordan.ipynb");
	expect(lessons).not.toContain("17-writing.ipynb");
	expect(names("lib/tensor.ts").length).toBeGreaterThan(lessons.length);
});
