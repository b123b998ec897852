import tests from "./vitest.config.ts";

/** The longer ones, `npm run experiments`: seeded networks that learn, or do not, what their papers say. */
export default {
	...tests,
	test: {
		globalSetup: ["test/temporary.ts", "test/chosen.ts"],
		include: ["test/experiments/**/*.test.ts"],
		testTimeout: 600_000,
		fileParallelism: false,
	},
};
