/** Where the milliseconds of a cell go: the second part of phases.mjs, in a thread that has loaded nothing else. */
import { Session } from "node:inspector/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { cells: { type: "string" } } });
const cells = Number(values.cells ?? 200);

/** The steps, by the function in which each happens; what lies in none of them is the rest. */
const STEPS = {
	show: "look up what earlier cells declared",
	bindSourceFile: "bind the cell",
	forgetChanged: "look for edited files",
	diagnose: "check the types",
	transformNodes: "turn the cell into JavaScript",
	writeFile: "print it, with its source map",
	shareNames: "share its names",
	keep: "keep what it declares",
	preProcessFile: "find the imports",
	take: "parse the cell and take it into the program",
};

// as written, where the functions of the compiler have their names
const { Compiler: Profiled } = await import(
	"../../../kernel/cells/compile/compiler.ts"
);
const session = new Session();
session.connect();

async function profile(name, code) {
	const compiler = new Profiled();
	while (compiler.readAhead() !== undefined);
	for (let n = 0; n < 100; n++) compiler.compile(code(n));
	await session.post("Profiler.enable");
	await session.post("Profiler.setSamplingInterval", { interval: 100 });
	await session.post("Profiler.start");
	for (let n = 0; n < cells; n++) compiler.compile(code(n % 10)).keep();
	const { profile } = await session.post("Profiler.stop");
	const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
	const parents = new Map();
	for (const { id, children } of profile.nodes)
		for (const child of children ?? []) parents.set(child, id);
	const stepOf = (id) => {
		for (let at = id; at; at = parents.get(at)) {
			const { functionName } = nodes.get(at).callFrame;
			const step = functionName.replace(/2$/, "");
			if (Object.hasOwn(STEPS, step)) return STEPS[step];
			if (functionName === "compile") return "the rest";
		}
	};
	const times = new Map();
	for (const [index, id] of profile.samples.entries()) {
		const step = stepOf(id);
		const ms = profile.timeDeltas[index] / 1000 / cells;
		if (step) times.set(step, (times.get(step) ?? 0) + ms);
	}
	const all = [...times.values()].reduce((a, b) => a + b, 0);
	console.log(`\n${name}: ${all.toFixed(2)} ms`);
	for (const [step, ms] of [...times].sort((a, b) => b[1] - a[1]))
		console.log(`  ${ms.toFixed(2)}  ${step}`);
}

await profile("trivial cell", (n) => `let value${n} = ${n};\nvalue${n}`);
await profile(
	"ten-line cell",
	(n) => `type Pair${n} = { name: string; size: number };
const pairs${n}: Pair${n}[] = [];
for (let i = 0; i < 10; i++) {
  pairs${n}.push({ name: \`pair \${i}\`, size: i * ${n} });
}
const total${n} = pairs${n}
  .filter(({ size }) => size % 2 === 0)
  .map(({ size }) => size)
  .reduce((a, b) => a + b, 0);
total${n}`,
);
session.disconnect();
