import { mkdtempSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { freePort, option, shown } from "../../.setup/start.mjs";

/** Runs with a port on which somebody listens. */
async function withTaken<T>(use: (port: number) => Promise<T>): Promise<T> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return use(port).finally(() => server.close());
}

test("a taken port ends in a sentence that offers another", async () => {
	await withTaken(async (port) => {
		await expect(freePort(["--port", `${port}`])).rejects.toThrow(
			`Port ${port} is taken: stop what uses it, or choose another, as in \`npm start -- --port ${port + 1}\`.`,
		);
	});
});

test("a free port is used as asked, without moving on to the next", async () => {
	const port = await withTaken(async (port) => port);
	expect(await freePort(["--no-browser", `--port=${port}`])).toEqual([
		"--ServerApp.port_retries=0",
	]);
});

test("without a port JupyterLab looks for a free one itself", async () => {
	expect(await freePort(["--no-browser"])).toEqual([]);
});

test("an option's value follows it or an equals sign, and the last one counts", () => {
	const names = ["--port", "--ServerApp.port"];
	expect(option(["--port", "1", "--ServerApp.port=2"], names)).toBe("2");
	expect(option(["--port=1", "--port", "3"], names)).toBe("3");
	expect(option(["--no-browser"], names)).toBeUndefined();
});

test.each(["abc", "70000", ""])("a port of %j is no port", async (port) => {
	await expect(freePort([`--port=${port}`])).rejects.toThrow(
		/is no port: choose a number from 1024 to 65535/,
	);
});

test("JupyterLab shows the learner's folder, and another one, from where the user is, with a memory of its own", () => {
	const work = mkdtempSync(join(tmpdir(), "unrolled-"));
	vi.stubEnv("UNROLLED_WORK", work);
	vi.stubEnv("INIT_CWD", "/home/ada");
	expect(shown([])).toEqual([`--ServerApp.root_dir=${work}`]);
	writeFileSync(join(work, "03-jordan.ipynb"), "{}");
	expect(shown([])).toContain("--LabApp.default_url=/lab/tree/03-jordan.ipynb");
	const memory = (...args: string[]) => shown(args).join(" ");
	const course = memory("--notebook-dir", "course");
	expect(course).toMatch(/^--LabApp.workspaces_dir=.*\.unrolled.*workspaces/);
	expect(memory("--ServerApp.root_dir=/home/ada/course")).toBe(course);
	expect(memory("--notebook-dir=../course")).not.toBe(course);
	// JupyterLab refuses an option that is given twice
	expect(shown(["--notebook-dir=a", "--LabApp.workspaces_dir=b"])).toEqual([]);
	expect(shown(["--LabApp.default_url=/lab"])).toHaveLength(1);
	vi.unstubAllEnvs();
});
