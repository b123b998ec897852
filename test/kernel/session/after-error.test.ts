import { describe, expect, test } from "vitest";
import { AfterError } from "../../../kernel/session/after-error.ts";

/** Which of some cells are aborted after one, sent at 0, that failed at once or later. Each is aborted 1 ms after it was sent. */
function aborted(
	cells: [at: number, cellId?: string, session?: string][],
	{ failed = 5, stopped = false } = {},
): boolean[] {
	const sent = (at: number, cellId?: string, session = "page") => ({
		at,
		date: at,
		session,
		cellId,
	});
	const after = new AfterError(sent(0, "first"), failed, stopped);
	return cells.map(([at, cellId, session]) =>
		after.aborts(sent(at, cellId, session), Math.max(at, failed) + 1),
	);
}

describe("after a cell that fails", () => {
	test("what was sent before is aborted, by whichever front end", () => {
		expect(aborted([[1], [2, "b"], [900, "c"]], { failed: 1000 })).toEqual([
			true,
			true,
			true,
		]);
	});

	test("the rest of one Run All is aborted, though it is sent after the reply", () => {
		const rest = Array.from({ length: 40 }, (_, i): [number, string] => [
			20 * (i + 1),
			`cell ${i}`,
		]);
		expect(aborted(rest)).toEqual(rest.map(() => true));
	});

	test("a press of its own runs, however soon after the error", () => {
		expect(aborted([[301, "b"]], { failed: 300 })).toEqual([false]);
		expect(
			aborted([
				[2, "b"],
				[4, "c"],
				[260, "d"],
			]),
		).toEqual([true, true, false]);
	});

	test("the same cell again is a press of its own, and so is one that was aborted", () => {
		expect(aborted([[10, "first"]])).toEqual([false]);
		expect(
			aborted([
				[6, "b"],
				[12, "b"],
			]),
		).toEqual([true, false]);
	});

	test("front ends that do not name their cells send one when they have seen the one before", () => {
		expect(aborted([[6]])).toEqual([false]);
	});

	test("another page's cells are no part of the run", () => {
		expect(aborted([[6, "b", "another"]])).toEqual([false]);
	});

	test("who interrupted a cell knows of it", () => {
		expect(aborted([[6, "b"]], { stopped: true })).toEqual([false]);
		expect(aborted([[4, "b"]], { stopped: true })).toEqual([true]);
	});
});
