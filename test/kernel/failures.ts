/** Every way in which a cell can fail, and what its error says. */

const trap = "new Proxy({}, new Proxy({}, { get() { throw null } }))";
const display = (body: string) =>
	`({ [Symbol.for("Jupyter.display")]() { ${body} } })`;
const thrown = (type: string, about: string) =>
	`throw Object.defineProperty(new RangeError("x"), "${type}", { ${about} })`;

/** [what, code, ename, a part of evalue] */
export const failures: [string, string, string, string][] = [
	// values that are thrown
	["an error", "throw new RangeError('too far')", "RangeError", "too far"],
	["undefined", "throw undefined", "Thrown", "undefined"],
	["null", "throw null", "Thrown", "null"],
	["a number", "throw 0", "Thrown", "0"],
	["a text", "throw 'text'", "Thrown", "'text'"],
	["a symbol", "throw Symbol('s')", "Thrown", "Symbol(s)"],
	["a bigint", "throw 10n", "Thrown", "10n"],
	["a function", "throw () => 1", "Thrown", "[Function"],
	["an object", "throw { a: 1 }", "Thrown", "{ a: 1 }"],
	["no prototype", "throw Object.create(null)", "Thrown", "null prototype"],
	["a proxy that traps all", `throw ${trap}`, "Thrown", "{}"],
	[
		"a proxy of an error",
		"throw new Proxy(new Error(), { get() { throw null } })",
		"Error",
		"",
	],
	[
		"a proxy that is revoked",
		"const gone = Proxy.revocable({}, {}); gone.revoke(); throw gone.proxy",
		"Thrown",
		"Revoked Proxy",
	],
	...["message", "name", "stack", "cause", "errors", "code"].map(
		(part): [string, string, string, string] => [
			`an error whose ${part} cannot be read`,
			thrown(part, "enumerable: true, get() { throw null }"),
			part === "name" ? "Error" : "RangeError",
			part === "message" ? "" : "x",
		],
	),
	...["message", "name", "stack", "cause"].map(
		(part): [string, string, string, string] => [
			`an error whose ${part} has no text`,
			thrown(part, "value: { toString() { throw null } }"),
			part === "name" ? "Error" : "RangeError",
			part === "message" ? "" : "x",
		],
	),
	[
		"an error that prints itself",
		"throw Object.assign(new Error('x'), { [Symbol.for('nodejs.util.inspect.custom')]() { throw null } })",
		"Error",
		"x",
	],
	[
		"a value whose printing throws",
		"throw { [Symbol.for('nodejs.util.inspect.custom')]() { throw null } }",
		"Thrown",
		"inspect.custom",
	],
	[
		"errors that cannot be read",
		`throw new AggregateError([${trap}, null], 'many')`,
		"AggregateError",
		"many",
	],
	// values that are shown
	["null from display", display("throw null"), "Thrown", "null"],
	["undefined from display", display("throw undefined"), "Thrown", "undefined"],
	["a proxy from display", display(`throw ${trap}`), "Thrown", "{}"],
	[
		"a rejected display",
		display("return Promise.reject(null)"),
		"Thrown",
		"null",
	],
	["a display without a bundle", display("return null"), "TypeError", "MIME"],
	["a bundle that traps", display(`return ${trap}`), "Thrown", "null"],
	[
		"a bundle that is circular",
		display("const a: any = {}; a.a = a; return { 'application/json': a }"),
		"TypeError",
		"circular",
	],
	[
		"json of a circle",
		"import { json } from '@unrolled/kernel'; const c: any = {}; c.c = c; json(c)",
		"TypeError",
		"circular",
	],
	[
		"json that throws",
		"import { json } from '@unrolled/kernel'; json({ toJSON() { throw null } })",
		"Thrown",
		"null",
	],
	[
		"a circle that is displayed",
		"import { display, json } from '@unrolled/kernel'; const d: any = {}; d.d = d; display(json(d))",
		"TypeError",
		"circular",
	],
	[
		"a display that is rejected later",
		`import { display } from '@unrolled/kernel'; display(${display("return Promise.reject(null)")}); 1`,
		"Thrown",
		"null",
	],
	[
		"a value whose printing throws, as the last one",
		"({ [Symbol.for('nodejs.util.inspect.custom')]() { throw null } })",
		"Thrown",
		"null",
	],
	[
		"a value that throws when it is printed",
		"console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { throw null } })",
		"Thrown",
		"null",
	],
	// what does not compile, or is not there
	["a type error", "const n: number = 'a'", "TypeScriptError", "Type 'string'"],
	["a syntax error", "const = 1", "TypeScriptError", "declaration expected"],
	[
		"an import of nothing",
		"import 'nothing-here'; nothing()",
		"TypeScriptError",
		"Cannot find",
	],
	[
		"a require of nothing",
		"require('nothing-here')",
		"Error",
		"Cannot find module",
	],
	["an eval", "eval('1 +')", "SyntaxError", "Unexpected end"],
	// ways out
	...[
		"exit(3)",
		"abort()",
		"reallyExit(3)",
		"kill(process.pid)",
		"kill(process.pid, 'SIGKILL')",
	].map((call): [string, string, string, string] => [
		`process.${call}`,
		`(process as any).${call}`,
		"Error",
		"would end the kernel",
	]),
	[
		"process.exit after a wait",
		"await null; process.exit()",
		"Error",
		"would end",
	],
	[
		"too deep a recursion",
		"const deep = (): number => 1 + deep(); deep()",
		"RangeError",
		"call stack",
	],
	["too long a text", "'x'.repeat(2 ** 30)", "RangeError", "string length"],
	// what fails beside the code
	["an awaited rejection", "await Promise.reject(null)", "Thrown", "null"],
	[
		"a rejection that nobody awaits",
		"Promise.reject(undefined)",
		"Thrown",
		"undefined",
	],
	["a rejection with a trap", `Promise.reject(${trap})`, "Thrown", "{}"],
	[
		"a throw in a microtask",
		"queueMicrotask(() => { throw null })",
		"Thrown",
		"null",
	],
	[
		"a throw in a next tick",
		"process.nextTick(() => { throw null })",
		"Thrown",
		"null",
	],
	[
		"a throw of a timer while the cell waits",
		"await new Promise(() => setTimeout(() => { throw null }, 10))",
		"Thrown",
		"null",
	],
	[
		"an event of an error",
		"new (require('node:events').EventEmitter)().emit('error', null)",
		"Error",
		"Unhandled error",
	],
	[
		"a throw in a thread",
		"new (require('node:worker_threads').Worker)('throw new Error(\"there\")', { eval: true }); await new Promise(() => {})",
		"Error",
		"there",
	],
];

/** Cells that do not fail, whatever the kernel reads of their values. */
export const sound: [string, string][] = [
	["a proxy that traps all", trap],
	[
		"a getter of Jupyter.display",
		"({ get [Symbol.for('Jupyter.display')]() { throw null } })",
	],
	[
		"a getter of what tensors have",
		"({ get shape() { throw null }, get data() { throw null } })",
	],
	[
		"a shape that traps",
		"({ shape: new Proxy([1], { get() { throw null } }), data: new Float32Array(1) })",
	],
	["rows of getters", "[{ get a() { throw null } }]"],
	[
		"rows that trap",
		`[new Proxy({ a: 1 }, { get() { throw null }, ownKeys() { throw null } })]`,
	],
	[
		"a getter of a name",
		"class Odd { get [Symbol.toStringTag](): string { throw null } }\nnew Odd()",
	],
	["a then that throws", "({ then() { throw null } })"],
	[
		"a bigint in JSON",
		"import { json } from '@unrolled/kernel'; json({ a: 1n })",
	],
	["an exit code", "process.exitCode = 0"],
];
