import { spawnSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deliver } from "../../.setup/lessons.mjs";
import { project } from "../../.setup/places.mjs";
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

test("npm install in the learner's folder leaves the project's package.json as it is, and cells import what it installed", async () => {
	const reports = join(project, "test/report");
	mkdirSync(reports, { recursive: true });
	// inside the project, as `work` is
	const work = mkdtempSync(join(reports, "work-"));
	try {
		const lessons = elsewhere();
		deliver({ notebooks: lessons, work }, {}, () => {});
		addPackage(lessons, "left", "installed");
		const npm = (folder: string, ...args: string[]) =>
			spawnSync("npm", [...args, "--offline", "--no-audit", "--no-fund"], {
				cwd: folder,
				encoding: "utf8",
			});
		npm(join(lessons, "node_modules/left"), "pack");
		const packed = join(lessons, "node_modules/left/left-1.0.0.tgz");
		const before = readFileSync(join(project, "package.json"), "utf8");
		const { status, stderr } = npm(work, "install", packed);
		expect(stderr).toBe("");
		expect(status).toBe(0);
		expect(readFileSync(join(project, "package.json"), "utf8")).toBe(before);
		await inFolder(work, async (kernel) => {
			const cell =
				'import { value } from "left";\nimport { random } from "unrolled";\n[value, typeof random].join()';
			expect((await kernel.run(cell)).text).toBe("'installed,function'");
		});
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
});
