/** What `npm run lessons` says of the lessons that it ran: for a terminal, for a CI service (JUnit's XML), and as a page. */
export interface Ran {
	lesson: string;
	/** Seconds by the clock, and of CPU time. */
	seconds: number;
	cpu?: number;
	/** The most memory of the kernel, in MB. */
	memory?: number;
	findings?: number;
	/** Why the kernel had a network; null where it had none. */
	online?: string | null;
	/** What was printed, where it failed. */
	failed?: string;
}

const cells = ({ lesson, seconds, cpu, memory, findings, failed }: Ran) => [
	lesson.replace(".ipynb", ""),
	seconds.toFixed(1),
	cpu?.toFixed(1) ?? "",
	memory?.toFixed(0) ?? "",
	String(findings ?? ""),
	failed === undefined ? "ok" : "FAILED",
];
const head = ["lesson", "seconds", "CPU s", "memory MB", "findings", ""];

export function tableOf(ran: readonly Ran[]): string {
	const rows = [head, ...ran.map(cells)];
	const widths = head.map((_, i) =>
		Math.max(...rows.map((row) => row[i].length)),
	);
	return rows
		.map((row) =>
			row
				.map((cell, i) =>
					i === 0 || i === head.length - 1
						? cell.padEnd(widths[i])
						: cell.padStart(widths[i]),
				)
				.join("  ")
				.trimEnd(),
		)
		.join("\n");
}

/** Text for XML and HTML: what these cannot hold is left out, what has a meaning there is escaped. */
const escaped = (text: string) =>
	text
		// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no place for them
		.replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "")
		.toWellFormed()
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;");

export function junitOf(ran: readonly Ran[]): string {
	const failures = ran.filter(({ failed }) => failed !== undefined).length;
	const seconds = ran.reduce((sum, one) => sum + one.seconds, 0);
	const cases = ran.map(({ lesson, seconds, failed }) => {
		const name = `classname="lessons" name="${escaped(lesson)}" time="${seconds.toFixed(3)}"`;
		if (failed === undefined) return `    <testcase ${name} />`;
		const [message] = failed.trim().split("\n").slice(-1);
		return `    <testcase ${name}>\n      <failure message="${escaped(message)}">${escaped(failed)}</failure>\n    </testcase>`;
	});
	const counts = `tests="${ran.length}" failures="${failures}" time="${seconds.toFixed(3)}"`;
	return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="lessons" ${counts}>
${cases.join("\n")}
  </testsuite>
</testsuites>
`;
}

export function pageOf(ran: readonly Ran[]): string {
	const row = (tag: string, values: readonly string[]) =>
		`<tr>${values.map((value) => `<${tag}>${escaped(value)}</${tag}>`).join("")}</tr>`;
	const failed = ran.filter((one) => one.failed !== undefined);
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Lessons</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
td, th { padding: 0.2rem 0.8rem; text-align: right; }
td:first-child, th:first-child { text-align: left; }
pre { overflow-x: auto; border: 1px solid; padding: 0.5rem; }
</style>
<h1>${ran.length} lessons, ${failed.length} failed</h1>
<table>
${row("th", head)}
${ran.map((one) => row("td", cells(one))).join("\n")}
</table>
${failed.map(({ lesson, failed }) => `<h2>${escaped(lesson)}</h2>\n<pre>${escaped(failed ?? "")}</pre>`).join("\n")}
</html>
`;
}
