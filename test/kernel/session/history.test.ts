import {
	chmodSync,
	existsSync,
	mkdtempSync,
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
