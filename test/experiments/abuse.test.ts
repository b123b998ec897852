import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type Graded, gradeClass, pointsOf, running } from "../course/class.ts";

/** Every submission of test/course/abuse.ts, or those whose names begin with one of the words in PART: `PART=reads,kills`. */
let graded: Graded;

const words = process.env.PART?.split(",") ?? [""];
const isAsked = ({ name }: { name: string }) =>
	words.some((word) => name.startsWith(word));

beforeAll(async () => {
	graded = await gradeClass(isAsked);
	show(graded);
}, 3_600_000);

function show(graded: Graded) {
	const rows = graded.all.map(({ name, points }) => {
		const [reason] = graded.said(name).split("\n").slice(-1);
		return `${name.padEnd(22)}${points}  ${graded.points[name]}  ${reason}`;
	});
	console.log(["submission    wanted, obtained", ...rows].join("\n"));
	const wrong = graded.all.some(
		(one) => graded.points[one.name] !== one.points,
	);
	if (wrong) console.log(graded.printed);
}

test("each submission earns the points of its right answers, and only these", () => {
	const wanted = graded.all.filter(({ apart }) => graded.isolated || !apart);
	expect(graded.points).toMatchObject(pointsOf(wanted));
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

test("without namespaces, Node's permission model keeps files and programs from a submission", async () => {
	const folder = mkdtempSync(join(tmpdir(), "no-namespaces-"));
	const program = '#!/bin/sh\necho "not permitted" >&2\nexit 1\n';
	writeFileSync(join(folder, "unshare"), program, { mode: 0o755 });
	const kept =
		/^(right|endless|exits|out-of-memory|opens-a-socket|leaves-processes|writes-outside|writes-packages|reads-.*)$/;
	const graded = await gradeClass(({ name }) => kept.test(name), {
		PATH: [folder, process.env.PATH].join(delimiter),
	});
	show(graded);
	expect(graded.isolated).toBe(false);
	expect(graded.points).toMatchObject(pointsOf(graded.all));
	expect(existsSync(graded.world.mark)).toBe(false);
	expect(running("98765")).toEqual([]);
}, 1_200_000);
