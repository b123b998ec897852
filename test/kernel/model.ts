/** Runs random notebooks on the engine, and compares each answer with the model's. */
import fc from "fast-check";
import { Engine } from "./engine.ts";
import {
	type Action,
	type Answer,
	codeOf,
	Model,
	moduleCode,
	notebook,
	type Step,
	type Type,
} from "./notebook.ts";

/** How many notebooks share an engine. */
const SHARED = 100;

const SHOW =
	'const show = (v: any) => (typeof v === "function" || typeof v === "object" ? typeof v : v);\nconst interrupt = (globalThis as any)[Symbol.for("interrupt")]';

/** How inspection shows a name of each type. */
const LOOKS: Record<Type, RegExp> = {
	number: /: number$/m,
	string: /: string$/m,
	function: /\(\): (any|number)$|=> any$/m,
	class: /^class /,
	group: /^(enum|namespace|import) /,
};

/** What a cell on the engine answered, in the words of the model. */
async function answer(engine: Engine, code: string): Promise<Answer> {
	const { value, error } = await engine.run(code);
	if (error === undefined) return { value };
	const [kind] =
		/^(Error|TypeError|ReferenceError|RangeError|Interrupted)\b/.exec(
			error,
		) ?? ["compile"];
	return { error: kind };
}

interface Cell {
	steps: Step[];
	reads: string[];
}

/** @throws Error with the cells so far, when an answer is not the model's */
async function play(
	engine: Engine,
	actions: Action[],
	end: string,
): Promise<void> {
	const model = new Model();
	const cells: Cell[] = [];
	const done: string[] = [];
	const compare = (code: string, got: unknown, wanted: unknown) => {
		done.push(code);
		if (JSON.stringify(got) === JSON.stringify(wanted)) return;
		throw new Error(
			`${done.join("\n---\n")}\n\ngave ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`,
		);
	};
	for (const action of actions) {
		if ("module" in action) {
			await engine.run(moduleCode(action.module, end));
			model.write(action.module);
			done.push(moduleCode(action.module, end));
		} else if ("completes" in action) {
			const type = model.typeOf(action.completes);
			if (type !== "number" && type !== "string") continue;
			const code = `${action.completes}${end}.to`;
			const { compiler } = engine.executor;
			const { candidates } = compiler.complete(code, code.length);
			const names = candidates.map(({ text }) => text);
			compare(
				`${code} Tab`,
				[names.includes("toFixed"), names.includes("toUpperCase")],
				[type === "number", type === "string"],
			);
		} else if ("inspects" in action) {
			const code = action.inspects + end;
			const { compiler } = engine.executor;
			const { declaration } = compiler.inspect(code, code.length) ?? {};
			const type = model.typeOf(action.inspects);
			const isAsDeclared =
				type && declaration
					? LOOKS[type].test(declaration)
					: type === declaration;
			if (!isAsDeclared) compare(`${code} Shift-Tab`, declaration, type);
		} else {
			const written = (cell: Cell & { careless: boolean }) =>
				cell.careless ? cell : model.sensible(cell.steps, cell.reads);
			const cell =
				"again" in action
					? cells[action.again % cells.length]
					: written(action);
			if (!cell?.steps.length && !cell?.reads.length) continue;
			if (!("again" in action)) cells.push(cell);
			const code = codeOf(cell.steps, cell.reads, end);
			compare(
				code,
				await answer(engine, code),
				model.run(cell.steps, cell.reads),
			);
		}
	}
}

/** @throws Error with seed and the smallest notebook that the engine answers otherwise than the model */
export async function playNotebooks(
	count: number,
	seed: number,
): Promise<void> {
	let engine: Engine | undefined;
	let played = 0;
	const interrupt = () => setImmediate(() => engine?.executor.interrupt());
	Object.assign(globalThis, { [Symbol.for("interrupt")]: interrupt });
	await fc.assert(
		fc.asyncProperty(notebook, async (actions) => {
			if (played % SHARED === 0) {
				engine = new Engine();
				await engine.run(SHOW);
			}
			await play(engine as Engine, actions, `_${played++}`);
		}),
		{ numRuns: count, seed },
	);
}
