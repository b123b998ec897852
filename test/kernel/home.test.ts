import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Kernel } from "./client.ts";

/** A folder that has nothing to do with the project. */
const elsewhere = () => mkdtempSync(join(tmpdir(), "a course "));

async function inFolder<T>(
	directory: string,
	use: (kernel: Kernel) => Promise<T>,
): Promise<T> {
	const kernel = await Kernel.start({ directory });
	return use(kernel).finally(() => kernel.stop());
}

/** A package in a folder's own node_modules. */
function addPackage(folder: string, name: string, value: string) {
	const home = join(folder, "node_modules", name);
	mkdirSync(home, { recursive: true });
	const about = {
		name,
		version: "1.0.0",
		main: "index.js",
		types: "index.d.ts",
	};
	writeFileSync(join(home, "package.json"), JSON.stringify(about));
	writeFileSync(join(home, "index.js"), `exports.value = "${value}";`);
	writeFileSync(join(home, "index.d.ts"), "export const value: string;");
}

test("a notebook outside the project imports the packages of the course, with their types", async () => {
	const folder = elsewhere();
	writeFileSync(
		join(folder, "helper.ts"),
		'import { zeros } from "unrolled";\nexport const shape = zeros([2, 3]).shape;\n',
	);
	await inFolder(folder, async (kernel) => {
		expect(
			(
				await kernel.run(
					'import { random } from "unrolled";\nimport { lineChart } from "unrolled/plot";\nimport { check } from "unrolled/exercise";\nimport { parity } from "@unrolled/datasets";\nimport { display } from "@unrolled/kernel";\nimport { slider } from "@unrolled/kernel/widgets";\n[random, lineChart, check, parity, display, slider].every((f) => typeof f === "function")',
				)
			).text,
		).toBe("true");
		const wrong = await kernel.run('const seed: string = random("1");');
		expect(wrong.reply.status).toBe("error");
		expect(
			(await kernel.run('import { shape } from "./helper";\nshape.join()'))
				.text,
		).toBe("'2,3'");
		const dynamic = await kernel.run(
			'const u = await import("unrolled");\ntypeof u.lstm',
		);
		expect(dynamic.text).toBe("'function'");
		expect(
			(await kernel.run('typeof require("@unrolled/datasets").parity')).text,
		).toBe("'function'");
		const lost = await kernel.run('import { a } from "no-such-package";\na');
		expect(lost.reply.evalue).toContain("no-such-package");
	});
});

test("a folder's own packages come before the kernel's", async () => {
	const folder = elsewhere();
	addPackage(folder, "unrolled", "mine");
	await inFolder(folder, async (kernel) => {
		const own = await kernel.run('import { value } from "unrolled";\nvalue');
		expect(own.text).toBe("'mine'");
	});
});
