import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { deliver, lastWorkedOn, reset } from "../../.setup/lessons.mjs";

const language = { name: "typescript", version: "5.9.3" };

const notebook = (source: string, outputs: object[] = []) => ({
	cells: [{ cell_type: "code", id: "a", metadata: {}, outputs, source }],
	metadata: {
		kernelspec: { name: "unrolled" },
		language_info: { name: "typescript" },
	},
	nbformat: 4,
	nbformat_minor: 5,
});

/** A project with lessons, and what a learner and an update may do to it. */
function project() {
	const root = mkdtempSync(join(tmpdir(), "unrolled-"));
	mkdirSync(join(root, "notebooks"));
	const folders = {
		notebooks: join(root, "notebooks"),
		work: join(root, "work"),
	};
	const said: string[] = [];
	const path = (name: string) => join(folders.work, name);
	return {
		folders,
		/** The copies and the learner's own notebooks. */
		names: () =>
			readdirSync(folders.work).filter((name) => name.endsWith(".ipynb")),
		path,
		publish: (name: string, source: string) =>
			writeFileSync(
				join(root, "notebooks", name),
				JSON.stringify(notebook(source)),
			),
		start() {
			said.length = 0;
			deliver(folders, language, (line) => said.push(line));
			return said;
		},
		save: (name: string, source: string, outputs?: object[]) =>
			writeFileSync(path(name), JSON.stringify(notebook(source, outputs))),
		read: (name: string): string =>
			JSON.parse(readFileSync(path(name), "utf8")).cells[0].source,
	};
}

test("the first start fills the folder, and the next one changes no file", () => {
	const { folders, names, path, publish, start } = project();
	publish("00-welcome.ipynb", "1");
	publish("01-nets.ipynb", "2");
	expect(start()).toEqual([
		`The lessons are in ${folders.work}: yours to change.`,
	]);
	expect(names()).toEqual(["00-welcome.ipynb", "01-nets.ipynb"]);
	const before = readFileSync(path("00-welcome.ipynb"), "utf8");
	expect(JSON.parse(before).metadata.language_info).toEqual(language);
	expect(start()).toEqual([]);
	expect(readFileSync(path("00-welcome.ipynb"), "utf8")).toBe(before);
});

test("a package.json keeps what the learner installs, and one of the learner's own stays", () => {
	const { folders, path, start } = project();
	start();
	const made = JSON.parse(readFileSync(path("package.json"), "utf8"));
	expect(made).toMatchObject({ private: true, type: "module" });
	const own = JSON.stringify({ ...made, dependencies: { left: "1" } });
	writeFileSync(path("package.json"), own);
	start();

	expect(readFileSync(path("package.json"), "utf8")).toBe(own);
	rmSync(join(folders.work, "package.json"));
	start();
	expect(JSON.parse(readFileSync(path("package.json"), "utf8"))).toEqual(made);
});

test("an update brings new lessons, renews untouched ones and keeps those that were changed", () => {
	const { publish, start, save, read } = project();
	for (const name of ["00-a.ipynb", "01-b.ipynb", "02-c.ipynb"])
		publish(name, "first");
	start();
	save("01-b.ipynb", "mine");
	for (const name of ["00-a.ipynb", "01-b.ipynb", "03-d.ipynb"])
		publish(name, "second");
	expect(start()).toEqual([
		"New lessons: 03-d.ipynb.",
		"Renewed, since you had not changed them: 00-a.ipynb.",
		"Kept as you left them, though the lessons have changed: 01-b.ipynb. `npm run reset 01` brings the new one and keeps yours beside it.",
	]);
	expect(
		["00-a.ipynb", "01-b.ipynb", "02-c.ipynb", "03-d.ipynb"].map(read),
	).toEqual(["second", "mine", "first", "second"]);
});

test("outputs are a learner's work; metadata that JupyterLab writes is not", () => {
	const { publish, start, save, read, path } = project();
	publish("00-a.ipynb", "first");
	publish("01-b.ipynb", "first");
	start();
	save("00-a.ipynb", "first", [{ output_type: "stream", text: "1" }]);
	const saved = { ...notebook("first"), metadata: { language_info: {} } };
	writeFileSync(path("01-b.ipynb"), JSON.stringify(saved));
	publish("00-a.ipynb", "second");
	publish("01-b.ipynb", "second");
	start();
	expect(read("00-a.ipynb")).toBe("first");
	expect(read("01-b.ipynb")).toBe("second");
});

test("reset brings a lesson back, and keeps each version of the learner's beside it", () => {
	const { folders, publish, start, save, read } = project();
	publish("00-a.ipynb", "lesson");
	start();
	expect(reset(folders, "00", language)).toEqual({ name: "00-a.ipynb" });
	for (const [answer, kept] of [
		["mine", "00-a-yours.ipynb"],
		["again", "00-a-yours-2.ipynb"],
	]) {
		save("00-a.ipynb", answer);
		expect(reset(folders, "00-a.ipynb", language)).toEqual({
			name: "00-a.ipynb",
			kept,
		});
		expect(read("00-a.ipynb")).toBe("lesson");
		expect(read(kept)).toBe(answer);
	}
});

test.each([
	["7", /^There is no lesson "7": write one of 00, 01, gallery, as in/],
	["", /^A lesson's number is missing: write one of 00, 01, gallery, as in/],
	["../00-a", undefined],
	["0", undefined],
])("reset %j is answered plainly", (which, sentence) => {
	const { folders, publish, start } = project();
	publish("00-a.ipynb", "lesson");
	publish("01-b.ipynb", "lesson");
	publish("gallery.ipynb", "pictures");
	start();
	if (sentence) expect(() => reset(folders, which, language)).toThrow(sentence);
	else expect(reset(folders, which, language).name).toBe("00-a.ipynb");
});

test("a deleted copy comes back, a file of the learner's own stays, a damaged record loses nothing", () => {
	const { publish, start, save, read, path } = project();
	publish("00-a.ipynb", "first");
	publish("01-b.ipynb", "first");
	start();
	rmSync(path("00-a.ipynb"));
	save("my own.ipynb", "mine");
	save("01-b.ipynb", "mine");
	writeFileSync(path(".lessons.json"), "{ cut");
	publish("01-b.ipynb", "second");
	start();
	expect(["00-a.ipynb", "my own.ipynb", "01-b.ipynb"].map(read)).toEqual([
		"first",
		"mine",
		"mine",
	]);
});

test("a copy that is no notebook any more is kept", () => {
	const { publish, start, path } = project();
	publish("00-a.ipynb", "first");
	start();
	writeFileSync(path("00-a.ipynb"), "<<<<<<< notes");
	publish("00-a.ipynb", "second");
	start();
	expect(readFileSync(path("00-a.ipynb"), "utf8")).toBe("<<<<<<< notes");
});

test("the lesson that was last changed is opened, at first the first", async () => {
	const { folders, publish, start, save } = project();
	for (const name of ["00-a.ipynb", "01-b.ipynb", "02-c.ipynb"])
		publish(name, "first");
	start();
	expect(lastWorkedOn(folders.work)).toBe("00-a.ipynb");
	save("02-c.ipynb", "mine");
	expect(lastWorkedOn(folders.work)).toBe("02-c.ipynb");
});

/** What may happen, in any order, to two lessons. */
const action = fc.record({
	what: fc.constantFrom("edit", "publish", "start", "delete", "reset", "own"),
	name: fc.constantFrom("00-a.ipynb", "01-b.ipynb"),
});

test("in whatever order a learner edits and the project changes, nothing of the learner's is lost", () => {
	fc.assert(
		fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
			const { folders, names, path, publish, start, save, read } = project();
			let count = 0;
			const published: Record<string, string> = {};
			const written = new Set<string>(); // what the learner wrote and did not delete or write over
			for (const name of ["00-a.ipynb", "01-b.ipynb"]) {
				published[name] = `lesson ${count++}`;
				publish(name, published[name]);
			}
			start();
			const there = (name: string) => existsSync(path(name));
			for (const { what, name } of actions) {
				const before = there(name) ? read(name) : undefined;
				if (what === "publish") {
					published[name] = `lesson ${count++}`;
					publish(name, published[name]);
				} else if (what === "edit" && before !== undefined) {
					written.delete(before);
					written.add(`mine ${count}`);
					save(name, `mine ${count++}`);
				} else if (what === "delete" && before !== undefined) {
					written.delete(before);
					rmSync(path(name));
				} else if (what === "own") {
					written.add(`mine ${count}`);
					save(`own ${count}.ipynb`, `mine ${count++}`);
				} else if (what === "start") {
					start();
					if (!before?.startsWith("mine"))
						expect(read(name)).toBe(published[name]);
				} else if (what === "reset") {
					reset(folders, name, language);
					expect(read(name)).toBe(published[name]);
				}
				const found = new Set(names().map(read));
				for (const one of written) expect(found).toContain(one);
			}
		}),
		{ seed: 1, numRuns: 200 },
	);
});

test("a copy holds no solution, and a renewed one neither", () => {
	const root = project();
	const withSolution = (source: string) => {
		const made = notebook(source);
		const [cell] = made.cells;
		cell.metadata = { tags: ["cover"], unrolled: { solution: ["return 1;"] } };
		writeFileSync(
			join(root.folders.notebooks, "00-a.ipynb"),
			JSON.stringify(made),
		);
	};
	const copied = () => readFileSync(root.path("00-a.ipynb"), "utf8");
	for (const source of ["first", "second"]) {
		withSolution(source);
		root.start();
		expect(root.read("00-a.ipynb")).toBe(source);
		expect(copied()).toContain("cover");
		expect(copied()).not.toContain("return 1;");
	}
	reset(root.folders, "00", language);
	expect(copied()).not.toContain("return 1;");
});
