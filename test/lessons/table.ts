import type { Executed } from "./execute.ts";
import { findingsOf } from "./execute.ts";

/** What a lesson may take: seconds of CPU time on a machine like CI's, and MB with its outputs. */
export const limits = { cpu: 60, size: 1 };

/** Whether lessons that ran had a network. */
export function networkOf(
	ran: readonly Pick<Partial<Executed>, "online">[],
): string {
	const why = ran.find(({ online }) => online)?.online;
	return why
		? `The lessons could have used the network, since it cannot be taken from them here: ${why}.`
		: "No lesson had a network.";
}

/** Lessons as a table for reading; what is beyond a limit is marked. The last line says whether they had a network. */
export function tableOf(executed: readonly Executed[]): string {
	const marked = (value: number, limit: number, digits: number) =>
		value.toFixed(digits) + (value > limit ? " !" : "");
	const rows = [...executed]
		.sort((a, b) => (a.lesson < b.lesson ? -1 : 1))
		.map(({ lesson, notebook, cpu, memory, size }) => [
			lesson.replace(".ipynb", ""),
			marked(cpu, limits.cpu, 1),
			memory.toFixed(0),
			marked(size, limits.size, 2),
			String(findingsOf(notebook).length),
		]);
	const head = ["lesson", "CPU s", "memory MB", "size MB", "findings"];
	const widths = head.map((name, i) =>
		Math.max(name.length, ...rows.map((row) => row[i].length)),
	);
	return [head, ...rows]
		.map((row) =>
			row
				.map((cell, i) =>
					i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
				)
				.join("  "),
		)
		.concat("", networkOf(executed))
		.join("\n");
}
