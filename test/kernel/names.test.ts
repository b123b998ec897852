/** A name is one variable: its last assignment wins, wherever the code that uses it was written. */
import { beforeAll, describe, expect, test } from "vitest";
import { Engine } from "./engine.ts";

let engine = new Engine();
/** The tests of a group share a notebook. */
const anew = () =>
	beforeAll(() => {
		engine = new Engine();
	});

/** Runs cells one after the other: `[code]` has to succeed, `[code, value]` to give a value, or an Error with a text. */
async function cells(...rows: [code: string, wanted?: unknown][]) {
	for (const [code, wanted] of rows) {
		const ended = await engine.run(code);
		const where = `after ${code}`;
		if (wanted instanceof Error)
			expect(ended.error, where).toContain(wanted.message);
		else if (wanted === undefined) expect(ended.error, where).toBeUndefined();
		else expect(ended, where).toEqual({ value: wanted });
	}
}

describe("a cell that is run again keeps its names", () => {
	anew();
	test.each([
		["let", "let q = 1", "q", 1],
		["const", "const q = 1", "q", 1],
		["var", "var q = 1", "q", 1],
		[
			"let without a value",
			"let q: number | undefined",
			"q === undefined",
			true,
		],
		["a function", "function q() { return 1 }", "q()", 1],
		["a generator", "function* q() { yield 1 }", "[...q()]", [1]],
		["an async function", "async function q() { return 1 }", "await q()", 1],
		["a class", "class Q { x = 1 }", "new Q().x", 1],
		["an enum", "enum Q { A = 1, B = A + 1, C = Q.A }", "Q.A + Q.B + Q.C", 4],
		["a const enum", "const enum Q { A = 1 }", "Q.A", 1],
		[
			"a namespace",
			"namespace Q { export const x = 1; export const f = () => x + Q.x }",
			"Q.f()",
			2,
		],
		["an import", "import { sep as q } from 'node:path'", "q", "/"],
		["a default import", "import q from 'node:path'", "q.sep", "/"],
		["a namespace import", "import * as q from 'node:path'", "q.sep", "/"],
		["an import with require", "import q = require('node:path')", "q.sep", "/"],
		[
			"a pattern",
			"const { q, ...r } = { q: 1, s: 2 }",
			"[q, r]",
			[1, { s: 2 }],
		],
		["a list", "let [p, [q = 5], ...r] = [1, [], 3]", "[p, q, r]", [1, 5, [3]]],
		["a type", "type Q = number", "const n: Q = 1; n", 1],
		[
			"an interface",
			"interface Q { x: number }",
			"const o: Q = { x: 1 }; o.x",
			1,
		],
		["using", "using q = { x: 1, [Symbol.dispose]() {} }", "q.x", 1],
		[
			"a var of a block",
			"for (var q = 0; q < 1; q++);\nif (q) { var r = q }",
			"q + r!",
			2,
		],
	])("%s", async (_, declare, use, value) => {
		await cells([declare], [use, value], [use, value]);
		await cells([declare], [declare], ["1", 1], [use, value], [use, value]);
	});
});

test("an enum or a namespace that is declared again has its new members alone", () =>
	cells(
		["enum E { A, B }\nnamespace N { export const a = 1; export const b = 2 }"],
		["enum E { A = 5 }\nnamespace N { export const a = 3 }"],
		["Object.keys(E).join()", "5,A"],
		["Object.keys(N).join()", "a"],
	));

describe("code of an earlier cell means the variable as it is now", () => {
	anew();
	test("when it was assigned", () =>
		cells(
			["let rate = .1; function step() { return rate * 2 }"],
			["rate = .5; step()", 1],
			["rate += 1; step()", 3],
			["[rate] = [2]; ({ rate } = { rate: rate + 1 }); step()", 6],
			["for (rate of [1, 4]); step()", 8],
			["rate++; step()", 10],
		));

	test("when it was declared again", () =>
		cells(
			["const scale = () => 1; const call = () => scale()"],
			["call()", 1],
			["const scale = () => 2"],
			["call()", 2],
			["function scale() { return 3 }"],
			["call()", 3],
			["var scale = () => 4; call()", 4],
			["class Box { x = 1 }\nconst make = () => new Box().x"],
			["class Box { x = 2 }"],
			["make()", 2],
			["import { sep } from 'node:path'; const separator = () => sep"],
			["let sep = 'mine'"],
			["separator()", "mine"],
		));

	test("when a function of that cell assigned it", () =>
		cells(
			["let n = 0; const count = () => ++n"],
			["count(); count(); n", 2],
			["let n = 10"],
			["count(); n", 11],
		));

	test("while it waits", () =>
		cells(
			["let stop = false; let turns = 0"],
			[
				"const loop = (async () => { while (!stop) { turns++; await new Promise(setImmediate) } return 'ended' })()",
			],
			["stop = true; await loop", "ended"],
		));

	test("when it calls itself", () =>
		cells(
			["let fib = (n: number): number => n < 2 ? n : fib(n - 1) + fib(n - 2)"],
			[
				"let calls = 0; const plain = fib; fib = (n) => { calls++; return plain(n) }",
			],
			["[fib(5), calls]", [5, 15]],
		));
});

describe("types follow", () => {
	anew();
	test("a name that is declared again", () =>
		cells(
			["let x = 'text'"],
			["let x = 4"],
			["x.toFixed(1)", "4.0"],
			[
				"x.length",
				new Error("Property 'length' does not exist on type 'number'"),
			],
			["function x() { return [1] }"],
			["x().length", 1],
		));

	test("and what was declared with the type before keeps that", () =>
		cells(
			[
				"class Point { x = 1 }\ntype T = number;\nconst p = new Point(); const t: T = 1; const f = (p: Point): T => p.x",
			],
			["class Point { y = 'two' }\ntype T = string"],
			["[p.x, t.toFixed(1), f(p)]", [1, "1.0", 1]],
			["const q = new Point(), u: T = q.y; u.length", 3],
			["p.y", new Error("Property 'y' does not exist on type 'Point'")],
		));

	test("when they are written down shorter", () =>
		cells(
			["class Map { mine = 1 }"],
			[
				"const m = new globalThis.Map([['a', 1]]), o = { n: 1, s: 'x', l: [true], t: [1, 'x'] as const }, u: number | string = 1 as any, k = 5, e = (() => 1) as (() => number) | undefined",
			],
			[
				"type number2 = string; let f = new Float32Array([1, 2]), mine = new Map()",
			],
			[
				"[m.get('a')!.toFixed(), o.n.toFixed(), o.s.length, o.l[0], o.t[1].length, f.length, mine.mine, e!()]",
				["1", "1", 1, true, 1, 2, 1, 1],
			],
			[
				"const five: 5 = k; m.mine",
				new Error("Property 'mine' does not exist"),
			],
			["o.missing", new Error("Property 'missing' does not exist")],
			["o.t[2]", new Error("has no element at index '2'")],
			["u.length", new Error("Property 'length' does not exist")],
			["k = 6", new Error("Cannot assign to 'k'")],
		));

	test("a name may be a value in one cell and a type in another", () =>
		cells(
			["const Size = { small: 1 }"],
			["type Size = keyof typeof Size"],
			["const size: Size = 'small'; Size[size]", 1],
			["class Size { old = 1 }"],
			["type Size = string"],
			["const text: Size = 'text'; new Size().old", 1],
			["namespace Size { export const inner = 2 }"],
			["const again: Size = 'text'; Size.inner", 2],
		));

	test("constants stay constants", () =>
		cells(
			["const k = 1; let v = 1"],
			["k = 2", new Error("Cannot assign to 'k' because it is a constant")],
			["v = 2; k", 1],
			["let k = 1"],
			["k = 2; k", 2],
			["const v = 1"],
			["v++", new Error("Cannot assign to 'v' because it is a constant")],
		));
});

describe("other meanings of a name stay what they are", () => {
	anew();
	test.each([
		["a parameter", "((q: string) => q + q)('a')", "aa"],
		[
			"a default",
			"((a = q, b = () => a) => { var q = 5; return [a, b(), q] })()",
			[1, 1, 5],
		],
		["a local", "(() => { let q = 2; { const q = 3; return [q] } })()", [3]],
		[
			"a loop",
			"const all = []; for (const q of [7]) all.push(q); for (let q = 0; q < 1; q++) all.push(q); all",
			[7, 0],
		],
		["a caught error", "try { throw 5 } catch (q) { q }\nq", 1],
		["a property", "({ q: 2, r: { q } })", { q: 2, r: { q: 1 } }],
		[
			"a property that is read",
			"[{ q: 3 }.q, { q: 4 }['q'], { q: 5 }?.q]",
			[3, 4, 5],
		],
		["a method", "({ q() { return q } }).q()", 1],
		[
			"a member",
			"class A { q = q + 1; static q = q; get r() { return q } }\n[new A().q, A.q, new A().r]",
			[2, 1, 1],
		],
		["a label", "q: for (;;) { break q }\nq", 1],
		["a pattern", "(({ q }, { q: r }) => q + r)({ q: 5 }, { q: 6 })", 11],
		[
			"the name of a function",
			"const g = function q(n: number): number { return n ? q(n - 1) : 9 }; g(1)",
			9,
		],
		[
			"the name of a class",
			"const D = class q { static me() { return q.name } }; D.me()",
			"q",
		],
		["typeof", "typeof q", "number"],
		["a type", "let w: typeof q = 3; w", 3],
		["a template", "`\u0024{q} q`", "1 q"],
		["an enum's member", "enum E { q = 5, r = q }; E.r", 5],
		[
			"a namespace's",
			"namespace M { export let q = 7; export const r = () => q }; M.r()",
			7,
		],
	])("%s", (_, code, value) => cells(["let q = 1"], [code, value], ["q", 1]));

	test.each(["() => 1", "(function () {})", "(class {})"])(
		"the value %s of a cell has no name",
		async (code) => {
			const { value } = await engine.run(code);
			expect((value as { name: string }).name).toBe("");
		},
	);

	test("a function that a variable holds has the variable's name", () =>
		cells(
			[
				"const f = () => {}, g = function () {}, C = class {}; let { h = () => {} } = {} as { h?: () => void }",
			],
			["[f.name, g.name, C.name, h.name]", ["f", "g", "C", "h"]],
			["h = () => {}; h.name", "h"],
			[
				"function named() {}\nclass Named {}\n[named.name, Named.name]",
				["named", "Named"],
			],
		));
});

describe("any name can be declared", () => {
	anew();
	const names = [
		"require",
		"exports",
		"module",
		"__filename",
		"__x",
		"__esDecorate",
		"___",
		"process",
		"console",
		"Promise",
		"link",
		"meta",
		"async",
		"of",
		"get",
		"cell",
		"value",
		"env_1",
		"_a",
		"undefined$",
		"größe",
		"π",
	];
	test.each(names)("%s", (name) =>
		cells(
			[`let ${name} = 1; function read_() { return ${name} }`],
			[`${name} = 2; read_()`, 2],
			[`const ${name} = 3; ({ ${name} })`, { [name]: 3 }],
			[
				"import { sep } from 'node:path'; (await import('node:path')).sep === sep",
				true,
			],
			[`read_() + ${name}`, 6],
		),
	);

	test("and Node's own are untouched for what is not a cell", () =>
		cells(
			["const process = 1, URL = 2, Map = 3; function fetch() { return 4 }"],
			["[process, URL, Map, fetch()]", [1, 2, 3, 4]],
			[
				"new Function('return [typeof process, typeof URL, typeof Map, fetch.name]')()",
				["object", "function", "function", "fetch"],
			],
		));
});

describe("when a cell throws", () => {
	anew();
	test("what it has declared stays, the rest has no value or that from before", () =>
		cells(
			["let before = 1"],
			[
				"let early = 2; const made = () => early + late; throw new Error('half'); let late = 3, before = 4",
				new Error("half"),
			],
			["[early, before]", [2, 1]],
			["late", new Error("ReferenceError: late has no value")],
			["made()", new Error("ReferenceError: late has no value")],
			["late = 5; made()", 7],
		));

	test("a name without a value gets one where it is declared again", () =>
		cells(
			[
				"throw new Error('half'); let one = 1, two = 2, three = 3",
				new Error("half"),
			],
			["var one: number | undefined; one", undefined],
			["typeof one", "undefined"],
			["function two() { return 2 }\ntwo()", 2],
			["let three: number | undefined; three === undefined", true],
		));

	test("so it is with a cell that does not compile, which declares nothing", () =>
		cells(
			["let x = 1"],
			["let x = 'text'; let nothing: number = x", new Error("not assignable")],
			["x.toFixed(1)", "1.0"],
			["nothing", new Error("Cannot find name 'nothing'")],
		));
});

test("imported names live over cells", async () => {
	await cells(
		[
			"/** @module living */\nexport let n = 1;\nexport function grow() { n++ }\nexport default n",
		],
		[
			"import { n, grow } from './living'; import * as all from './living'; const read = () => n",
		],
		["grow(); [n, all.n, read()]", [2, 2, 2]],
		["grow(); ({ n })", { n: 3 }],
		["n = 5", new Error("Cannot assign to 'n' because it is an import")],
	);
});

test("an import that is only used as a type is loaded by nobody", () =>
	cells(
		[
			"import { FeatureCollection } from './nowhere-types'",
			new Error("Cannot find module"),
		],
		[
			"import type { Stats } from 'node:fs'; import { type PathLike, readFileSync } from 'node:fs'",
		],
		[
			"let path: PathLike = 'x', stats: Stats | undefined; typeof readFileSync",
			"function",
		],
	));

describe("what a cell costs ends with it", () => {
	anew();

	test("cells that declare each other's names again and again stay quick to check, and as deep as one", async () => {
		await cells(["let b = [1]"]);
		for (let round = 0; round < 400; round++)
			await cells(
				["let a = [...b, 2].slice(-3)"],
				["let b = [...a, 1].slice(-3)"],
			);
		await cells(["b.concat(a).length", 6]);
		const { candidates } = engine.executor.compiler.complete("b[0].to", 7);
		expect(candidates.map(({ text }) => text)).toContain("toFixed");
	});

	test.each([
		["800 chained calls", `list${".concat([1])".repeat(800)}.length`],
		["800 nested calls", `${"one(".repeat(800)}1${")".repeat(800)}`],
		["20,000 parentheses", `${"(".repeat(20_000)}1${")".repeat(20_000)}`],
		["20,000 lists", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
		["20,000 nested calls", `${"one(".repeat(20_000)}1${")".repeat(20_000)}`],
	])("%s wedge nothing", async (_, code) => {
		await cells(["const list = [0]; const one = (n: number) => n"]);
		const { error = "TypeScriptError: The cell nests too deeply" } =
			await engine.run(code);
		expect(error).toContain("TypeScriptError: The cell nests too deeply");
		await cells(["one(list.length)", 1], ["let after = one(2); after", 2]);
	});
});
