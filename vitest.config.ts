import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
	// Tests read the sources, so that a change needs no build; the kernel and the lessons run on what was built.
	resolve: {
		alias: [
			{ find: /^unrolled$/, replacement: source("lib/index.ts") },
			{ find: /^unrolled\/plot$/, replacement: source("lib/plot/index.ts") },
			{
				find: /^unrolled\/exercise$/,
				replacement: source("lib/exercise/index.ts"),
			},
			{
				find: /^unrolled\/expect$/,
				replacement: source("lib/expect/index.ts"),
			},
			{
				find: /^@unrolled\/datasets$/,
				replacement: source("datasets/index.ts"),
			},
		],
	},
	test: {
		globalSetup: ["test/temporary.ts", "test/chosen.ts"],
		include: ["test/**/*.test.ts"],
		// minutes, not seconds: npm run experiments
		exclude: ["test/experiments/**"],
		maxWorkers: "100%", // kernels and browsers are waited for, mostly
		maxConcurrency: availableParallelism(), // lessons and tools at once
		testTimeout: 120_000,
		hookTimeout: 120_000,
	},
});
