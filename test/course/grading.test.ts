import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type Graded, gradeClass, pointsOf } from "./class.ts";

/** A small class; all of test/course/abuse.ts is graded in test/experiments/abuse.test.ts. */
let graded: Graded;

beforeAll(async () => {
	graded = await gradeClass(({ quick }) => quick === true);
}, 600_000);

test("each submission earns the points of its right answers, and only these", () => {
	expect(graded.points).toEqual(pointsOf(graded.all));
});

test("a check says why points are lost", () => {
	for (const { name, says } of graded.all)
		if (says) expect(graded.said(name), name).toContain(says);
});

test("feedback tells the reason and no hidden test, and a browser runs nothing of the submission", async () => {
	await graded.course.run([
		"nbgrader",
		"generate_feedback",
		"abuse",
		"--student=by-heart",
	]);
	const page = readFileSync(
		join(graded.course.folder, "feedback/by-heart/abuse/abuse.html"),
		"utf8",
	);
	expect(page).toContain("square is wrong with other arguments");
	expect(page).toContain("<b>shown</b>");
	expect(page).toContain("<strong>bold</strong>");
	const active = /<script[^>]*>\s*steal|<[^>]*=["']?steal|"javascript:steal/;
	expect(page.slice(page.indexOf("<body")).match(active)?.[0]).toBe(undefined);
	for (const secret of ["HIDDEN", "hidden(", "[[5],[0.5]]"])
		expect(page).not.toContain(secret);
});
