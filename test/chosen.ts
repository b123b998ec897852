import type { TestProject } from "vitest/node";

/** Fails a run whose `-t` fits no test: Vitest would skip all of them and say that nothing failed. */
export default function chosen({ vitest }: TestProject): () => void {
	return () => {
		const pattern = vitest.config.testNamePattern;
		const modules = vitest.state.getTestModules();
		if (!pattern || vitest.config.watch || modules.length === 0) return;
		const ran = modules.some((module) =>
			[...module.children.allTests()].some(
				(test) => test.result().state !== "skipped",
			),
		);
		if (ran || modules.some((module) => !module.ok())) return;
		console.error(`No test fits -t ${pattern.source}: none was run.`);
		process.exitCode = 1;
	};
}
