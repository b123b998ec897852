import { parseArgs } from "node:util";
import { Problem, runMain } from "../.setup/problems.mjs";
import { type Cell, textOf } from "./assignment.ts";
import { lessonOf } from "./lessons.ts";

/** `npm run solution 03 2` prints the solution of exercise 2 of lesson 03; without the 2 it lists the exercises. */

/** An answer cell, and what its exercise is called in the text before it. */
function exercisesOf(cells: readonly Cell[]) {
	return cells.flatMap((cell, i) => {
		if (!cell.metadata.unrolled) return [];
		const before = cells.slice(0, i).map(textOf).reverse();
		const title = before
			.map((text) => /\*\*Exercise \d+: (.*?)\.?\*\*/.exec(text)?.[1])
			.find((found) => found !== undefined);
		return [{ title, solution: cell.metadata.unrolled.solution.join("") }];
	});
}

async function main() {
	const { positionals } = parseArgs({ allowPositionals: true });
	const { number, notebook } = lessonOf(positionals[0]);
	const exercises = exercisesOf(notebook.cells);
	const asked = positionals[1];
	const exercise = exercises[Number(asked) - 1];
	const list = exercises.map(({ title }, i) => `  ${i + 1}  ${title}`);
	if (exercise) console.log(exercise.solution);
	else if (asked === undefined)
		console.log(
			`Lesson ${number} has these exercises; \`npm run solution ${number} 1\` prints the solution of the first.\n${list.join("\n")}`,
		);
	else
		throw new Problem(
			`Lesson ${number} has no exercise ${asked}:\n${list.join("\n")}`,
		);
}

await runMain(main);
