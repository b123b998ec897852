import { execFileSync } from "node:child_process";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cell, Notebook } from "../../.course/assignment.ts";

/** What a submission may know of the machine that grades it: what it must not reach. */
export interface World {
	/** Folders with solutions and other people's work. */
	secret: readonly string[];
	/** A file that somebody outside would see. */
	mark: string;
	/** The port of a server on this machine. */
	port: number;
}

/** A submission, and the points that it earns: 2 for the square, 3 for the sum. */
export interface Submission {
	name: string;
	/** The body of the square; right where it is not given. */
	square?: string;
	/** What stands in the cell of the square behind the function. */
	behind?: string;
	/** What else is done to the notebook, or the text that is handed in instead of one. */
	change?: (notebook: Notebook) => unknown;
	/** What else is put into the folder that is handed in. */
	beside?: (folder: string, course: { folder: string }) => void;
	points: number;
	/** Words that the graded check of the square must contain: why it lost its points. */
	says?: string;
	/** Whether it can only be kept to its points where submissions are isolated: on Linux, mostly. */
	apart?: true;
	/** Whether `npm test` grades it too; all are graded by the experiments. */
	quick?: true;
}

const right = "return x * x;";
const wrong = "return x + x;";
/** A text that only the solution has, in parts, so that a search for it does not find the search. */
export const secretly = ["return x ", "** 2;"] as const;

const find = ({ cells }: Notebook, id: string) =>
	cells.find((cell) => cell.id === id) as Cell;
const add = (notebook: Notebook, source: string, at = 1, more: object = {}) =>
	notebook.cells.splice(at, 0, {
		id: `added-${notebook.cells.length}`,
		cell_type: "code",
		source,
		metadata: {},
		outputs: [],
		execution_count: null,
		...more,
	});

export const submissions = (world: World): Submission[] => [
	{ name: "right", points: 5, quick: true },
	{ name: "wrong", square: wrong, points: 3, says: "3² is 9" },
	{
		name: "untouched",
		square: "return notAnswered();",
		points: 3,
		says: "Not answered yet",
	},
	{
		name: "by-heart",
		square: "return 9;",
		// what a browser that shows the feedback must not run
		behind: `display({ "text/html": "<b>shown</b><script>steal(1)</script><img src=x onerror='steal(2)'>" });
display({ "application/javascript": "steal(3)" });`,
		change: (nb) => {
			add(nb, 'import { display } from "@unrolled/kernel";');
			add(
				nb,
				"**bold** [x](javascript:steal(5))\n\n<script>steal(4)</script>",
				1,
				{
					cell_type: "markdown",
					outputs: undefined,
					execution_count: undefined,
				},
			);
		},
		points: 3,
		says: "square is wrong with other arguments",
		quick: true,
	},
	{
		name: "in-part",
		square: "return Math.abs(x) ** 2 * (x < 0 ? -1 : 1);",
		points: 4, // half of the square's
		says: "right in part",
		quick: true,
	},
	{ name: "type-error", square: "return `x * x`;", points: 3, says: "square" },
	{
		name: "syntax-error",
		square: "return x * * x;",
		points: 3,
		says: "square",
	},
	{
		name: "throws",
		square: 'throw new Error("no idea");',
		points: 3,
		says: "no idea",
	},
	{ name: "throws-behind", behind: 'throw new Error("top");', points: 5 },
	{
		name: "throws-later",
		behind: 'setTimeout(() => { throw new Error("later"); }, 5);',
		points: 5,
	},
	{ name: "rejects", behind: 'Promise.reject(new Error("no"));', points: 5 },
	{
		name: "endless",
		square: "for (;;) {}",
		points: 3,
		says: "stopped after 4 s",
		quick: true,
	},
	{
		name: "endless-await",
		behind: "for (;;) await new Promise((done) => setTimeout(done));",
		points: 5, // its function is right
	},
	{
		name: "endless-microtasks",
		square: wrong,
		behind: "(function again() { Promise.resolve().then(again); })();",
		points: 3,
	},
	{ name: "recursion", square: "return square(x);", points: 3, says: "stack" },
	{
		name: "out-of-memory",
		square:
			"const all: number[][] = []; for (;;) all.push(new Array(1e6).fill(x));",
		points: 3,
	},
	{
		name: "out-of-buffers",
		square:
			"const all: Buffer[] = []; for (;;) all.push(Buffer.alloc(1e8, 1));",
		points: 3,
	},
	{
		name: "prints-1-GB",
		square:
			'for (let i = 0; i < 1e4; i++) console.log("x".repeat(1e5)); return x * x;',
		points: 3,
		says: "output",
	},
	{
		name: "prints-1-GB-above",
		square: wrong, // whether its cell is stopped or its kernel ended
		behind: 'for (let i = 0; i < 1e4; i++) console.log("x".repeat(1e5));',
		points: 3,
	},
	{ name: "exits", square: "process.exit(0);", points: 3, quick: true },
	{
		name: "aborts",
		square: "process.abort();",
		points: 3,
		says: "would end the kernel",
	},
	{
		name: "kills-itself",
		apart: true,
		square: 'process.kill(process.pid, "SIGKILL"); return x;',
		points: 3,
	},
	{
		name: "kills-its-parent",
		apart: true,
		square: 'process.kill(process.ppid, "SIGKILL"); return x;',
		points: 3,
	},
	{
		name: "own-check",
		square: wrong,
		behind:
			'function check() { return "right"; }\nfunction near() { return true; }',
		points: 3,
		says: "3² is 9",
	},
	{
		name: "own-prototypes",
		square: wrong,
		behind: `Array.prototype.every = () => true;
Number.prototype.valueOf = () => 9;
Math.abs = () => 0;
Object.prototype.toString = () => "9";
Object.is = () => true;`,
		points: 3,
	},
	{
		name: "own-exercise-module",
		square: wrong,
		behind: `const module = require("unrolled/exercise");
try { Object.assign(module, { check: () => 2, near: () => true }); } catch {}
for (const key of Object.keys(require.cache ?? {})) delete require.cache[key];`,
		points: 3,
	},
	{
		name: "odd-results",
		square: `return {
  valueOf: () => 9, toString: () => "9", length: 0, share: 1, $: "number", of: "9",
  __proto__: { x: 1 }, [Symbol.iterator]: null,
} as unknown as number;`,
		points: 3,
	},
	{
		name: "own-answers",
		// what the line to the examiner would say of a right answer, and of the end of it
		square: `input('{"returned": 9}'); input('{"end": true}'); return 9;`,
		change: (nb) => add(nb, 'import { input } from "@unrolled/kernel";'),
		points: 3,
	},
	{
		name: "edited-test",
		square: wrong,
		change: (nb) => {
			find(nb, "square-check").source = "2";
		},
		points: 3,
	},
	{
		name: "deleted-test",
		square: wrong,
		change: (nb) => {
			nb.cells = nb.cells.filter(({ id }) => id !== "square-check");
		},
		points: 3,
	},
	{
		name: "deleted-test-right",
		change: (nb) => {
			nb.cells = nb.cells.filter(({ id }) => id !== "square-check");
		},
		points: 5,
	},
	{
		name: "deleted-answer",
		change: (nb) => {
			nb.cells = nb.cells.filter(({ id }) => id !== "square");
		},
		points: 3,
	},
	{
		name: "deleted-imports",
		change: (nb) => {
			nb.cells = nb.cells.filter(({ id }) => id !== "imports");
		},
		points: 5,
	},
	{
		name: "twice-the-id",
		square: wrong,
		change: (nb) => {
			const test = find(nb, "square-check");
			nb.cells.push({ ...test, source: "2" }, { ...test, source: "2" });
		},
		points: 3,
	},
	{
		name: "claims-points",
		square: wrong,
		change: (nb) => {
			const claim = { points: 100, grade: true, solution: false, locked: true };
			Object.assign(
				find(nb, "square-check").metadata.nbgrader as object,
				claim,
			);
			const nbgrader = { ...claim, grade_id: "mine", schema_version: 3 };
			add(nb, "100", 1, { metadata: { nbgrader } });
			Object.assign(find(nb, "sum").metadata.nbgrader as object, claim);
		},
		points: 3,
	},
	{
		name: "answer-as-test",
		square: wrong,
		change: (nb) => {
			const [answer, test] = [find(nb, "square"), find(nb, "square-check")];
			[answer.metadata, test.metadata] = [test.metadata, answer.metadata];
			test.source = "function square(x: number) { return x + x; }";
			answer.source = "2";
		},
		points: 3,
	},
	{
		name: "reads-the-disk",
		apart: true,
		square: `const { existsSync } = require("node:fs");
  return ${JSON.stringify(world.secret)}.some((path) => existsSync(path)) ? x * x : 0;`,
		points: 3,
	},
	{
		name: "reads-the-memory",
		square: `const { Session } = require("node:inspector");
  const [session, scripts] = [new Session(), [] as string[]];
  session.connect();
  session.on("Debugger.scriptParsed", ({ params }: any) => scripts.push(params.scriptId));
  session.post("Debugger.enable");
  let found = false;
  for (const scriptId of scripts)
    session.post("Debugger.getScriptSource", { scriptId }, (_: any, result: any) => {
      found ||= String(result?.scriptSource).includes(${JSON.stringify(secretly[0])} + ${JSON.stringify(secretly[1])});
    });
  return found ? x * x : 0;`,
		points: 3,
	},
	{
		name: "writes-outside",
		apart: true,
		behind: `try { require("node:fs").writeFileSync(${JSON.stringify(world.mark)}, "here"); } catch {}`,
		points: 5,
	},
	{
		name: "opens-a-socket",
		apart: true,
		square: `const { spawnSync } = require("node:child_process");
  const code = "require('net').connect(${world.port}, '127.0.0.1', () => process.exit(0)).on('error', () => process.exit(1))";
  return spawnSync(process.execPath, ["-e", code]).status === 0 ? x * x : 0;`,
		points: 3,
	},
	{
		name: "leaves-processes",
		apart: true,
		behind: `require("node:child_process").spawn("sleep", ["98765"], { detached: true, stdio: "ignore" }).unref();`,
		points: 5,
	},
	{
		name: "many-processes",
		apart: true,
		square: `const { spawn } = require("node:child_process");
  for (let i = 0; i < 2000; i++) spawn("sleep", ["98765"], { stdio: "ignore" }).on("error", () => {});
  return 0;`,
		points: 3,
	},
	{
		name: "fills-the-disk",
		apart: true,
		square: `const { appendFileSync } = require("node:fs");
  for (let i = 0; i < 20; i++) appendFileSync("big" + i, Buffer.alloc(5e7));
  return 0;`,
		points: 3,
	},
	{
		name: "searches-the-disk",
		apart: true,
		square: `const { execFileSync } = require("node:child_process");
  const named = ["gradebook.db", "abuse.ipynb", "hidden", "exam.py", "shadow"];
  const asked = named.flatMap((name) => ["-o", "-name", name]).slice(1);
  let found = "";
  try { found = execFileSync("find", ["/", "(", "-path", "/proc", "-o", "-path", "*/node_modules/*", "-o", "-path", "/usr/share", ")", "-prune", "-o", "(", ...asked, ")", "-print"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }); }
  catch (error: any) { found = error.stdout; }
  const files = found.split("\\n").filter((path) => /(db|ipynb|py|shadow)$/.test(path));
  return files.length > 0 ? x * x : 0;`,
		points: 3,
		says: "3² is 9",
	},
	{
		name: "reads-the-grader",
		apart: true,
		square: `const { readdirSync, readFileSync } = require("node:fs");
  const texts = [JSON.stringify(process.env)];
  for (const pid of readdirSync("/proc").filter((name: string) => /^[0-9]+$/.test(name)))
    for (const part of ["environ", "cmdline", "root/etc/shadow"])
      try { texts.push(readFileSync("/proc/" + pid + "/" + part, "utf8")); } catch {}
  return /worker[.]py|grade[.]py|nbgrader|gradebook|root:.*:/.test(texts.join("\\n")) ? x * x : 0;`,
		points: 3,
		says: "3² is 9",
	},
	{
		name: "becomes-root",
		apart: true,
		square: `const { spawnSync } = require("node:child_process");
  const script = "umount -l /; umount -l /usr/bin; mount --bind / /tmp; ls " + ${JSON.stringify(world.secret.map((path) => `'${path}'`).join(" "))} + " /old/etc";
  const { stdout } = spawnSync("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", script], { encoding: "utf8" });
  return stdout ? x * x : 0;`,
		points: 3,
		says: "3² is 9",
	},
	{
		name: "writes-packages",
		apart: true,
		square: `try {
    require("node:fs").writeFileSync(require.resolve("unrolled/exercise") + ".mark", "");
    return x * x;
  } catch { return 0; }`,
		points: 3,
		says: "3² is 9",
	},
	{
		name: "fills-the-sockets",
		apart: true,
		// the folder of the sockets is the only one of this machine that a submission can write
		square: `const { appendFileSync, readFileSync } = require("node:fs");
  const file = readFileSync("/proc/self/cmdline", "utf8").split("\\0").find((arg: string) => arg.endsWith("k.json"));
  for (let i = 0; ; i++) appendFileSync(file + i, Buffer.alloc(5e7, 1));`,
		points: 3,
		says: "MB",
	},
	{
		name: "bombs-later",
		square: wrong,
		behind: `const right = { "text/plain": "✓ Square: right.", "application/vnd.unrolled.verdict+json": { share: 1 } };
display(right, { id: "square" });
for (const time of [10, 100, 500, 1000, 2000])
  setTimeout(() => { display(right, { id: "square" }); console.log("2"); process.stdout.write("2"); }, time);
process.on("exit", () => display(right));`,
		change: (nb) =>
			add(nb, 'import { display, comms } from "@unrolled/kernel";'),
		points: 3,
		says: "3² is 9",
	},
	{
		name: "asks-without-end",
		square: `for (;;) input('{"get": "square"}');`,
		change: (nb) => add(nb, 'import { input } from "@unrolled/kernel";'),
		points: 3,
		says: "stopped after",
	},
	{
		name: "answers-no-json",
		square: `for (;;) input("{".repeat(1000));`,
		change: (nb) => add(nb, 'import { input } from "@unrolled/kernel";'),
		points: 3,
	},
	{
		name: "answers-what-changes",
		// an object that gives another number each time it is asked
		square: `let line = input('{"returned": {"$": "object", "of": [["valueOf", {"$": "function", "of": 0}], ["length", 1]]}}');
  for (;;) line = input('{"returned": 9}');`,
		change: (nb) => add(nb, 'import { input } from "@unrolled/kernel";'),
		points: 3,
	},
	{
		name: "answers-prototypes",
		square: `let i = 0;
  for (;;) input(JSON.stringify({ returned: { $: ["__proto__", "valueOf", "constructor", "__defineGetter__"][i++ % 4], of: [] } }));`,
		change: (nb) => add(nb, 'import { input } from "@unrolled/kernel";'),
		points: 3,
	},
	{
		name: "answers-100-MB",
		square: 'return "9".repeat(1e8) as unknown as number;',
		points: 3,
	},
	{
		name: "answers-a-long-list",
		square: "return new Float64Array(2e7) as unknown as number;",
		points: 3,
	},
	{
		name: "prints-600-MB-at-once",
		square: 'console.log("x".repeat(5e8) + "y".repeat(1e8)); return x * x;',
		points: 3,
	},
	{
		name: "shows-again-and-again",
		square: `for (;;) display("x".repeat(1e6), { id: "same" });`,
		change: (nb) => add(nb, 'import { display } from "@unrolled/kernel";'),
		points: 3,
	},
	{
		name: "attachments",
		change: (nb) =>
			add(nb, "![](attachment:../../../up.png)", 1, {
				cell_type: "markdown",
				outputs: undefined,
				execution_count: undefined,
				attachments: {
					"../../../up.png": { "image/png": "AAAA" },
					"big.png": { "image/png": "A".repeat(5e6) },
				},
			}),
		points: 5,
	},
	{
		name: "link-to-the-source",
		square: `try { return require("node:fs").readFileSync("data.txt", "utf8").includes("HIDDEN") ? x * x : 0; } catch { return 0; }`,
		beside: (folder, course) =>
			symlinkSync(
				join(course.folder, "source/abuse/abuse.ipynb"),
				join(folder, "data.txt"),
			),
		points: 3,
		says: "3² is 9",
	},
	{
		name: "link-to-no-end",
		beside: (folder) => symlinkSync("/dev/zero", join(folder, "data.txt")),
		points: 5,
	},
	{
		name: "link-as-notebook",
		beside: (folder, course) => {
			rmSync(join(folder, "abuse.ipynb"));
			symlinkSync(
				join(course.folder, "source/abuse/abuse.ipynb"),
				join(folder, "abuse.ipynb"),
			);
		},
		points: 0,
	},
	{
		name: "pipe-beside",
		beside: (folder) => execFileSync("mkfifo", [join(folder, "data.txt")]),
		points: 5,
	},
	{
		name: "second-notebook",
		beside: (folder) => writeFileSync(join(folder, "more.ipynb"), "{}"),
		points: 5,
	},
	{
		name: "timestamp-that-is-none",
		beside: (folder) => writeFileSync(join(folder, "timestamp.txt"), "soon"),
		points: 5,
	},
	{
		name: "other-kernel",
		change: (nb) => {
			nb.metadata = { kernelspec: { name: "python3", display_name: "Python" } };
		},
		points: 5,
	},
	{ name: "no-notebook", change: () => "hello", points: 0, quick: true },
	{ name: "no-cells", change: () => '{"nbformat": 4}', points: 0 },
	{
		name: "500-MB",
		change: (nb) => {
			add(nb, "");
			const text = JSON.stringify(nb);
			return text.replace('"source":""', `"source":"${"x".repeat(5e8)}"`);
		},
		points: 0,
	},
];

/** The lesson that is graded. */
export const lesson: Notebook = {
	cells: [
		code(
			"imports",
			'import { check, near, notAnswered, part } from "unrolled/exercise";',
		),
		{
			...code("square", body("square", "x: number", "return notAnswered();")),
			metadata: {
				unrolled: {
					solution: [body("square", "x: number", secretly.join(""))],
				},
			},
		},
		code(
			"square-shown",
			`check("Square", () => {
  if (!near(square(3), 9)) return "3² is 9";
  if (!near(square(-1), 1) && near(square(-1), -1)) return part(0.5, "(−1)² is 1");
})`,
		),
		{
			...code("sum", body("sum", "xs: number[]", "return notAnswered();")),
			metadata: {
				unrolled: {
					points: 3,
					solution: [
						body(
							"sum",
							"xs: number[]",
							"return xs.reduce((a, b) => a + b, 0);",
						),
					],
				},
			},
		},
		code(
			"sum-shown",
			'check("Sum", () => (near(sum([1, 2, 4]), 7) ? undefined : "1 + 2 + 4 is 7"))',
		),
	],
	metadata: {
		kernelspec: {
			name: "unrolled",
			display_name: "TypeScript (Unrolled)",
			language: "typescript",
		},
	},
	nbformat: 4,
	nbformat_minor: 5,
};
export const hidden = { square: [[5], [0.5]], sum: [[[2, 3]]] };

function body(name: string, args: string, inside: string) {
	return `function ${name}(${args}): number {\n  ${inside}\n}`;
}
function code(id: string, source: string): Cell {
	return {
		id,
		cell_type: "code",
		source,
		metadata: {},
		outputs: [],
		execution_count: null,
	};
}

/** The file that is handed in, from the one that was released. */
export function handedIn(released: Notebook, one: Submission): string {
	const notebook: Notebook = structuredClone(released);
	for (const cell of notebook.cells) {
		const { grade_id } = (cell.metadata.nbgrader ?? {}) as {
			grade_id?: string;
		};
		if (grade_id) cell.id = grade_id;
	}
	find(notebook, "square").source =
		`${body("square", "x: number", one.square ?? right)}\n${one.behind ?? ""}`;
	find(notebook, "sum").source = body(
		"sum",
		"xs: number[]",
		"return xs.reduce((a, b) => a + b, 0);",
	);
	const instead = one.change?.(notebook);
	return typeof instead === "string" ? instead : JSON.stringify(notebook);
}
