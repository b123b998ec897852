import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isWhole, record } from "../../.setup/manifest.mjs";

/** A folder of three files, and where its list goes. */
function installation() {
	const root = mkdtempSync(join(tmpdir(), "unrolled-"));
	const folder = join(root, "packages");
	mkdirSync(join(folder, "a/__pycache__"), { recursive: true });
	const files = ["one", "a/two", "a/.three", "a/__pycache__/four"];
	for (const file of files) writeFileSync(join(folder, file), "");
	return { folder, file: join(root, "list") };
}

test.each(["one", "a/two", "a/.three", "a"])(
	"a folder that lost %s is not whole",
	(path) => {
		const { folder, file } = installation();
		record(folder, file);
		expect(isWhole(folder, file)).toBe(true);
		rmSync(join(folder, path), { recursive: true });
		expect(isWhole(folder, file)).toBe(false);
	},
);

test("caches may go, other files may come, and without a list nothing is whole", () => {
	const { folder, file } = installation();
	expect(isWhole(folder, file)).toBe(false);
	record(folder, file);
	rmSync(join(folder, "a/__pycache__"), { recursive: true });
	writeFileSync(join(folder, "five"), "");
	expect(isWhole(folder, file)).toBe(true);
});
