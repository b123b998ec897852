import { expect, test } from "vitest";
import { junitOf, pageOf, type Ran, tableOf } from "./report.ts";

const ran: Ran[] = [
	{ lesson: "00-a.ipynb", seconds: 3.25, cpu: 2, memory: 200, findings: 4 },
	{
		lesson: "01-b.ipynb",
		seconds: 1,
		failed: 'cell 3:\n\x1b[31mx < "y" & \ud800',
	},
];

test("the table has a line for each lesson", () => {
	expect(tableOf(ran)).toBe(
		[
			"lesson  seconds  CPU s  memory MB  findings",
			"00-a        3.3    2.0        200         4  ok",
			"01-b        1.0                              FAILED",
		].join("\n"),
	);
});

test("JUnit's XML counts, and holds any text", () => {
	const xml = junitOf(ran);
	expect(xml).toContain('tests="2" failures="1" time="4.250"');
	expect(xml).toContain('name="00-a.ipynb" time="3.250" />');
	expect(xml).toContain("[31mx &lt; &quot;y&quot; &amp; \ufffd</failure>");
	expect(xml).not.toContain("\x1b");
});

test("the page shows what failed", () => {
	expect(pageOf(ran)).toContain("<h1>2 lessons, 1 failed</h1>");
	expect(pageOf(ran)).toContain("<pre>cell 3:");
});
