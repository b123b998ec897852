import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as unrolled from "unrolled";
import { expect, test } from "vitest";

/** Of which folders of `lib` every exported function wants a value of a reference. */
const FOLDERS =
	/^(cells|layers|tree|train\/(losses|optimisers|rates\.ts|clip\.ts))/;

const masks =
	"draws masks, which no reference draws alike; worked by hand in test/lib/cells/regularisers.test.ts";
const layerMasks =
	"draws masks, which no reference draws alike; worked by hand in test/lib/layers/dropout.test.ts";
const noNumbers = "has no numbers of its own";

/** What has none, and why. Whoever adds a reference takes the name out. */
const without: Record<string, string> = {
	gal: masks,
	semeniuta: masks,
	weightDrop: masks,
	lockedDropout: layerMasks,
	pham: layerMasks,
	monteCarlo: layerMasks,
	learntStart:
		"adds a start to another cell; held to its laws by test/lib/cells/table.ts",
	inputFeeding: "worked by hand in test/lib/layers/input-feeding.test.ts",
	attentionOverTime: "worked by hand in test/lib/layers/over-time.test.ts",
	clipNorm: "worked by hand in test/lib/train/clip.test.ts",
	clipValue: "worked by hand in test/lib/train/clip.test.ts",
	gradientNorm: "worked by hand in test/lib/train/clip.test.ts",
	ctcRead: "worked by hand in test/lib/train/losses.test.ts",
	mixture: "worked by hand in test/lib/train/losses.test.ts",
	sampleMixture: "worked by hand in test/lib/train/losses.test.ts",
	pass: noNumbers,
	detach: noNumbers,
	layer: noNumbers,
	schedule: noNumbers,
	withWeights: noNumbers,
};

const text = (path: string) =>
	readFileSync(new URL(path, import.meta.url), "utf8");
/** The functions that `lib/index.ts` exports, with the file that each comes from. */
const exported = [
	...text("../../lib/index.ts").matchAll(
		/export \{([^}]*)\} from "\.\/([^"]+)"/g,
	),
].flatMap(([, names, file]) =>
	names
		.split(",")
		.map((name) => name.trim())
		.filter((name) => name && !name.startsWith("type "))
		.map((name) => ({ name, file })),
);
const wanted = exported
	.filter(({ file }) => FOLDERS.test(file))
	.map(({ name }) => name);
/** What the tests of this folder import from the library. */
const compared = new Set(
	readdirSync(new URL(".", import.meta.url))
		.filter((file) => file.endsWith(".ts") && file !== "complete.test.ts")
		.flatMap((file) => [
			...text(file).matchAll(/import \{([^}]*)\} from "unrolled"/g),
		])
		.flatMap(([, names]) => names.split(",").map((name) => name.trim())),
);

test("every cell, layer, loss, optimiser and rate is compared with a reference, or stands in `without` with a reason", () => {
	expect(wanted.length).toBeGreaterThan(60);
	const missing = wanted.filter(
		(name) => !compared.has(name) && !(name in without),
	);
	expect(missing).toEqual([]);
});

test("whatever stands in `without` is exported, and has no reference", () => {
	for (const name of Object.keys(without)) {
		expect(wanted).toContain(name);
		expect(unrolled).toHaveProperty(name);
		expect(compared.has(name), `${name} has a reference now`).toBe(false);
	}
});

test("each reason names a test which has the name in it", () => {
	for (const [name, reason] of Object.entries(without)) {
		const [file] = /test\/\S+\.ts/.exec(reason) ?? [];
		if (!file) continue;
		expect(existsSync(new URL(`../../${file}`, import.meta.url)), file).toBe(
			true,
		);
		expect(text(`../../${file}`), `${file}: ${name}`).toMatch(
			new RegExp(`\\b${name}\\(`),
		);
	}
});
