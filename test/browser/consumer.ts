import { spawnSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import * as vite from "vite";
import { expect, type TestContext } from "vitest";
import { project } from "../../.setup/places.mjs";

/** What the library itself brings along. */
export const dependencies = ["ml-hclust", "ml-pca"];

/** A project that has installed the package as \`npm pack\` makes it, with these packages beside it. */
export function consumer(others: readonly string[]): string {
	const folder = mkdtempSync(join(tmpdir(), "unrolled-bundle-"));
	const pack = spawnSync(
		"npm",
		["pack", "--silent", "--pack-destination", folder],
		{ cwd: join(project, "lib"), encoding: "utf8" },
	);
	const home = join(folder, "node_modules/unrolled");
	mkdirSync(home, { recursive: true });
	const tar = [
		"-xzf",
		join(folder, pack.stdout.trim()),
		"--strip-components=1",
	];
	expect(spawnSync("tar", tar, { cwd: home }).status).toBe(0);
	for (const name of others)
		symlinkSync(
			join(project, "node_modules", name),
			join(folder, "node_modules", name),
		);
	writeFileSync(
		join(folder, "index.html"),
		'<!doctype html><script type="module" src="./main.js"></script>',
	);
	return folder;
}

/** What Vite makes of the page in a folder. */
export async function builtByVite(folder: string): Promise<string> {
	await vite.build({
		root: folder,
		base: "./",
		configFile: false,
		logLevel: "silent",
		build: { target: "esnext", minify: false },
	});
	return join(folder, "dist");
}

const types: Record<string, string> = {
	".js": "text/javascript",
	".html": "text/html",
	".wasm": "application/wasm",
};

/** The address of a server of this folder, which ends with the test; `fetched` gets what it is asked for. */
export async function served(
	context: TestContext,
	folder: string,
	fetched: string[] = [],
): Promise<string> {
	const server = createServer(({ url = "/" }, response) => {
		fetched.push(url);
		const path = join(folder, url === "/" ? "index.html" : url);
		try {
			response.setHeader("Content-Type", types[extname(path)] ?? "text/plain");
			response.end(readFileSync(path));
		} catch {
			response.writeHead(404).end();
		}
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	context.onTestFinished(() => void server.close());
	const { port } = server.address() as AddressInfo;
	return `http://127.0.0.1:${port}/`;
}
