import {
	chmodSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { History } from "../../../kernel/session/history.ts";

const folder = () => mkdtempSync(join(tmpdir(), "unrolled-"));
const tail = { hist_access_type: "tail", n: 10 };
const modeOf = (file: string) => statSync(file).mode & 0o777;

afterEach(() => vi.unstubAllEnvs());

test("only its user may read the history, also one that an earlier version wrote", () => {
	const file = join(folder(), "state/history.jsonl");
	new History(file).add(1, "secret", undefined);
	expect(modeOf(file)).toBe(0o600);
	const old = join(folder(), "history.jsonl");
	writeFileSync(old, '[1,1,"before"]\n');
	chmodSync(old, 0o644);
	const history = new History(old);
	expect(history.answer(tail).history).toEqual([[1, 1, "before"]]);
	expect(modeOf(old)).toBe(0o600);
});

test("UNROLLED_HISTORY names the file, and off keeps this session's cells in memory alone", () => {
	const home = folder();
	vi.stubEnv("XDG_STATE_HOME", home);
	vi.stubEnv("UNROLLED_HISTORY", join(home, "mine.jsonl"));
	new History().add(1, "kept", undefined);
	expect(existsSync(join(home, "mine.jsonl"))).toBe(true);
	vi.stubEnv("UNROLLED_HISTORY", "off");
	const off = new History();
	off.add(1, "not kept", undefined);
	expect(off.answer(tail).history).toEqual([[1, 1, "not kept"]]);
	expect(existsSync(join(home, "unrolled"))).toBe(false);
});

test("a folder that cannot be written keeps no history, and nothing fails", () => {
	const blocked = join(folder(), "a file");
	writeFileSync(blocked, "");
	const history = new History(join(blocked, "history.jsonl"));
	history.add(1, "1 + 1", "2");
	expect(history.answer({ ...tail, output: true }).history).toEqual([
		[1, 1, ["1 + 1", "2"]],
	]);
});

test.each([
	["a.b", "aXb", false], // a dot is a dot
	["a+b", "a+b", true],
	["f(?)", "f(1)", true],
	["*[0]", "x[0]", true],
	["*[0]", "x0", false],
	["^x$", "^x$", true],
	["a*", "a\nb", true],
	["b", "abc", false], // the whole cell, as IPython has it
])("the pattern %j on the cell %j: %s", (pattern, code, found) => {
	const history = new History(join(folder(), "history.jsonl"));
	history.add(1, code, undefined);
	const { history: cells } = history.answer({
		hist_access_type: "search",
		pattern,
	});
	expect(cells).toHaveLength(found ? 1 : 0);
});

test("a range gives the cells from its start up to its stop, which is left out", () => {
	const file = join(folder(), "history.jsonl");
	const earlier = new History(file);
	for (const line of [1, 2, 3]) earlier.add(line, `a${line}`, undefined);
	const history = new History(file);
	history.add(1, "b1", undefined);
	const range = (about: object) =>
		history.answer({ hist_access_type: "range", ...about }).history;
	expect(range({ session: 1, start: 1, stop: 3 })).toEqual([
		[1, 1, "a1"],
		[1, 2, "a2"],
	]);
	expect(range({ session: -1, start: 3 })).toEqual([[1, 3, "a3"]]);
	expect(range({ session: 0, start: 1, stop: 2 })).toEqual([[2, 1, "b1"]]);
});

test("the last n cells are given, none of n = 0", () => {
	const history = new History(join(folder(), "history.jsonl"));
	for (const line of [1, 2, 3]) history.add(line, `a${line}`, undefined);
	const last = (n: number) =>
		history.answer({ hist_access_type: "tail", n }).history;
	expect(last(2)).toEqual([
		[1, 2, "a2"],
		[1, 3, "a3"],
	]);
	expect(last(0)).toEqual([]);
});

test("of cells with one code a unique search gives the latest, in its place", () => {
	const history = new History(join(folder(), "history.jsonl"));
	for (const [i, code] of ["x", "y", "x"].entries())
		history.add(i + 1, code, undefined);
	const found = history.answer({
		hist_access_type: "search",
		pattern: "*",
		unique: true,
	});
	expect(found.history).toEqual([
		[1, 2, "y"],
		[1, 3, "x"],
	]);
});

test("two kernels that start at one time have two numbers", () => {
	const file = join(folder(), "history.jsonl");
	const [one, other] = [new History(file), new History(file)];
	expect(one.answer(tail).history).toEqual([]); // which takes the first
	other.add(1, "of the second", undefined);
	expect(other.answer(tail).history).toEqual([[2, 1, "of the second"]]);
});

test("a long file is shortened to its latest cells when a kernel starts", () => {
	const file = join(folder(), "history.jsonl");
	const line = (i: number) => `${JSON.stringify([1, i, `cell ${i}`])}\n`;
	const count = 10_001;
	writeFileSync(
		file,
		Array.from({ length: count }, (_, i) => line(i)).join(""),
	);
	new History(file).add(1, "new", undefined);
	const kept = readFileSync(file, "utf8").trimEnd().split("\n");
	expect(kept).toHaveLength(5000 + 2); // and the number of the session, and its cell
	expect(kept[0]).toBe(line(count - 5000).trimEnd());
	expect(kept.at(-1)).toBe('[2,1,"new"]');
});
