import { existsSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { type Graded, gradeClass, running } from "../course/class.ts";

/** Every submission of test/course/abuse.ts, graded by nbgrader's autograde, one after the other. */
let graded: Graded;

beforeAll(async () => {
	graded = await gradeClass(() => true);
	const rows = graded.all.map(({ name, points }) => {
		const [reason] = graded.said(name).split("\n").slice(-1);
		return `${name.padEnd(22)}${points}  ${graded.points[name]}  ${reason}`;
	});
	console.log(["submission    wanted, obtained", ...rows].join("\n"));
	const wrong = graded.all.some(
		(one) => graded.points[one.name] !== one.points,
	);
	if (wrong) console.log(graded.printed);
}, 1_800_000);

test("each submission earns the points of its right answers, and only these", () => {
	const wanted = graded.all
		.filter(({ apart }) => graded.isolated || !apart)
		.map(({ name, points }) => [name, points]);
	expect(graded.points).toMatchObject(Object.fromEntries(wanted));
});

test("a check says why points are lost", () => {
	for (const { name, says } of graded.all)
		if (says) expect(graded.said(name), name).toContain(says);
});

test("nothing was written outside, and nothing goes on", ({ skip }) => {
	if (!graded.isolated) skip("submissions are not isolated on this machine");
	expect(existsSync(graded.world.mark)).toBe(false);
	expect(running("98765")).toEqual([]);
});
