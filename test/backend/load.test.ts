import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { project } from "../../.setup/places.mjs";
import { findBrowser } from "../browser/find.ts";

describe("where the kernels cannot run, plain serves and says so once", () => {
	afterEach(() => {
		vi.unstubAllGlobals();
		vi.doUnmock("../../lib/backend/wasm/module.ts");
		vi.restoreAllMocks();
	});

	/** The name of the backend for float32 in a library loaded afresh, asked three times, and what was said. */
	async function asked() {
		vi.resetModules();
		const warn = vi.spyOn(console, "warn").mockReturnValue();
		const { backendOf } = await import("../../lib/backend/current.ts");
		const names = [1, 2, 3].map(() => backendOf(new Float32Array(1)).name);
		return { names, said: warn.mock.calls.flat() };
	}

	test("an engine without WebAssembly", async () => {
		vi.stubGlobal("WebAssembly", undefined);
		expect(await asked()).toEqual({
			names: ["plain", "plain", "plain"],
			said: [
				"unrolled: this engine has no WebAssembly SIMD with shared memory; the plain backend serves, slower.",
			],
		});
	});

	test("kernels that are not there", async () => {
		vi.doMock("../../lib/backend/wasm/module.ts", () => ({
			bestBuild: () => "simd",
			readModule: () => {
				throw new Error("no such file");
			},
		}));
		expect(await asked()).toEqual({
			names: ["plain", "plain", "plain"],
			said: [
				"unrolled: the WebAssembly kernels did not load (Error: no such file); the plain backend serves, slower.",
			],
		});
	});

	test("an engine that has them says nothing", async () => {
		const { names, said } = await asked();
		expect(names[0]).toMatch(/^wasm \((relaxed|simd) SIMD\)$/);
		expect(said).toEqual([]);
	});
});

const page = join(import.meta.dirname, "page.mjs");
const types = new Map([
	[".js", "text/javascript"],
	[".wasm", "application/wasm"],
]);

/** Serves a page with page.mjs and the built library; `isolated` pages may share memory between threads. */
async function serve(isolated: boolean): Promise<Server> {
	const server = createServer(({ url = "/" }, response) => {
		if (isolated) {
			response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
			response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
		}
		const type = types.get(extname(url));
		response.setHeader("Content-Type", type ?? "text/html");
		response.end(
			type
				? readFileSync(join(project, "lib", "dist", url))
				: `<!doctype html><script type="module">${readFileSync(page, "utf8")}</script>`,
		);
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	return server;
}

interface Trained {
	before: { name: string; losses: number[] };
	after: { name: string; losses: number[] };
}

const browser = findBrowser();

describe.skipIf(!browser).each([true, false])(
	"in a browser, isolated: %s",
	(isolated) => {
		test("the kernels come from bytes that the page has fetched, and train as plain does", async ({
			onTestFinished,
		}) => {
			const server = await serve(isolated);
			onTestFinished(() => void server.close());
			const { port } = server.address() as AddressInfo;
			const opened = await chromium.launch({
				executablePath: browser,
				args: ["--no-sandbox"],
			});
			onTestFinished(() => opened.close());
			const tab = await opened.newPage();
			for (const build of ["relaxed", "simd"]) {
				await tab.goto(`http://127.0.0.1:${port}/`);
				await tab.waitForFunction("globalThis.train");
				const trained = await tab.evaluate(`train("${build}")`);
				const { before, after } = trained as Trained;
				expect(before.name).toBe("plain");
				expect(after.name).toMatch(/^wasm/);
				after.losses.forEach((loss, i) => {
					expect(loss).toBeCloseTo(before.losses[i], 5);
				});
				expect(after.losses[7]).toBeLessThan(after.losses[0]);
			}
		});
	},
);
