import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { expect, type TestContext, test } from "vitest";
import { builtByVite, consumer, dependencies, served } from "./consumer.ts";
import { browserOrSkip } from "./open.ts";
import { openPage } from "./page.ts";

/** The optional peers that a page can use. */
const peers = ["vega", "vega-lite", "elkjs"];

/** What the page does: trains on the kernels, and draws a chart and a diagram. */
const main = (kernels: string, bytes = "") => `
${kernels}
import { elman, fit, graph, meanSquaredError, ones, random, sgd, unroll, useWasm, zeros } from "unrolled";
import { dendrogram, graphDiagram, jupyterDisplay, lineChart } from "unrolled/plot";
const said = [];
console.warn = (...words) => said.push(words.join(" "));
globalThis.shown = (async () => {
	await useWasm(${bytes});
	const layer = unroll(elman({ inputs: 2, hidden: 8, random: random(1) }));
	const loss = () => meanSquaredError(layer.apply(ones([5, 3, 2])), zeros([5, 3, 8]));
	const losses = [];
	for await (const { loss: value } of fit(loss, { weights: layer.weights, optimiser: sgd({ rate: 0.5 }), steps: 20 })) losses.push(value);
	const forms = (picture) => picture[jupyterDisplay]().then(
		(bundle) => Object.entries(bundle).map(([type, data]) => type === "text/plain" ? data : type + ", " + JSON.stringify(data).length),
		(error) => String(error.message),
	);
	return {
		losses, said,
		chart: await forms(lineChart({ title: "It falls", x: "step", y: "loss", series: { loss: losses } })),
		tree: await forms(dendrogram({ title: "Near ones", labels: ["a", "b", "c"], vectors: [[0], [5], [1]] })),
		diagram: await forms(graphDiagram(graph(loss(), layer.weights), { title: "A loss" })),
	};
})();
`;

const bundlers: Record<string, (folder: string) => Promise<string>> = {
	async vite(folder) {
		writeFileSync(join(folder, "main.js"), main(""));
		return builtByVite(folder);
	},
	async esbuild(folder) {
		// it leaves new URL(…, import.meta.url) alone, so the page hands in the kernels
		writeFileSync(
			join(folder, "main.js"),
			main('import kernels from "unrolled/simd.wasm";', "kernels"),
		);
		await esbuild.build({
			absWorkingDir: folder,
			entryPoints: ["main.js"],
			outdir: "dist",
			bundle: true,
			splitting: true,
			format: "esm",
			logLevel: "silent",
			loader: { ".wasm": "binary" },
		});
		writeFileSync(
			join(folder, "dist/index.html"),
			readFileSync(join(folder, "index.html")),
		);
		return join(folder, "dist");
	},
};

interface Shown {
	losses: number[];
	said: string[];
	chart: string[] | string;
	tree: string[] | string;
	diagram: string[] | string;
}

/** What the page says, opened in a browser from a server of its own, and what it fetched. */
async function opened(context: TestContext, folder: string) {
	const fetched: string[] = [];
	const address = await served(context, folder, fetched);
	const page = await openPage(browserOrSkip(context));
	context.onTestFinished(() => page.context().close());
	const errors: string[] = [];
	page.on("pageerror", (error) => errors.push(error.message));
	await page.goto(address);
	await page
		.waitForFunction("globalThis.shown || false", undefined, {
			timeout: 20_000,
		})
		.catch(() => expect(errors).toEqual([]));
	const shown = (await page.evaluate("shown")) as Shown;
	return { shown, fetched };
}

test.for(Object.keys(bundlers))(
	"%s bundles the library and its pictures for a browser, kernels and stills included",
	async (name, context) => {
		browserOrSkip(context);
		const folder = await bundlers[name](consumer([...dependencies, ...peers]));
		const { shown, fetched } = await opened(context, folder);
		expect(shown.said).toEqual([]); // it would say that the plain backend serves
		expect(shown.losses[19]).toBeLessThan(shown.losses[0]);
		const png = expect.stringMatching(/^image\/png, \d{4,}$/);
		expect(shown.chart).toContainEqual(png);
		expect(shown.tree).toContainEqual(png);
		expect(shown.diagram).toContainEqual(png);
		expect(shown.diagram).toContainEqual(
			expect.stringMatching(/^image\/svg\+xml, \d{4,}$/),
		);
		if (name === "vite")
			expect(fetched.filter((url) => url.endsWith(".wasm"))).toHaveLength(1);
	},
);

test.for(Object.keys(bundlers))(
	"%s bundles the library where the optional packages are not installed, and pictures say what they need",
	async (name, context) => {
		browserOrSkip(context);
		const folder = await bundlers[name](consumer(dependencies));
		const { shown } = await opened(context, folder);
		expect(shown.chart).toContainEqual(
			expect.stringMatching(
				/^It falls.*\(no PNG: a PNG needs the package vega: npm install vega /s,
			),
		);
		expect(shown.diagram).toMatch(
			/^a diagram needs the package elkjs: npm install elkjs /,
		);
	},
);

test("in Node, too, pictures say which package they need", () => {
	const folder = consumer(dependencies);
	// its dependencies are links: as far as Node is concerned they lie in the project
	const code = `
		import { graphDiagram, jupyterDisplay, lineChart } from "unrolled/plot";
		import { graph, tensor, tanh } from "unrolled";
		const chart = await lineChart({ title: "It falls", x: "step", y: "loss", series: { a: [1, 2] } })[jupyterDisplay]();
		const error = await graphDiagram(graph(tanh(tensor([1]))), { title: "t" })[jupyterDisplay]().catch((error) => error.message);
		console.log(JSON.stringify([chart["text/plain"], Object.keys(chart), error]));`;
	const { stdout, stderr } = spawnSync(
		process.execPath,
		["--input-type=module", "-e", code],
		{ cwd: folder, encoding: "utf8" },
	);
	expect(stderr).toBe("");
	const [words, types, error] = JSON.parse(stdout) as [
		string,
		string[],
		string,
	];
	expect(words).toContain(
		"no PNG: a PNG needs the package vega: npm install vega (",
	);
	expect(types).toContain("application/vnd.vegalite.v5+json");
	expect(error).toContain(
		"a diagram needs the package elkjs: npm install elkjs (",
	);
});
