import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript-cells";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";

const roots = [
	"lib/index.ts",
	"lib/plot/index.ts",
	"lib/exercise/index.ts",
	"datasets/index.ts",
].map((file) => join(project, file));

const program = ts.createProgram(roots, {
	target: ts.ScriptTarget.ESNext,
	module: ts.ModuleKind.NodeNext,
	allowImportingTsExtensions: true,
	noEmit: true,
	noResolve: false,
	skipLibCheck: true,
	types: [],
});
const checker = program.getTypeChecker();

/** The documentation of every exported name and of its members, as Shift-Tab shows it. */
function docs(): { name: string; doc: string; source: string }[] {
	const found: { name: string; doc: string; source: string }[] = [];
	const add = (name: string, symbol: ts.Symbol) => {
		const [declaration] = symbol.declarations ?? [];
		if (!declaration) return;
		const comments = ts.getJSDocCommentsAndTags(declaration);
		found.push({
			name,
			doc: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
			source: comments.map((comment) => comment.getText()).join("\n"),
		});
	};
	for (const root of roots) {
		const file = program.getSourceFile(root) as ts.SourceFile;
		const module = checker.getSymbolAtLocation(file) as ts.Symbol;
		for (const exported of checker.getExportsOfModule(module)) {
			const symbol =
				exported.flags & ts.SymbolFlags.Alias
					? checker.getAliasedSymbol(exported)
					: exported;
			add(exported.name, symbol);
			for (const member of symbol.members?.values() ?? [])
				add(`${exported.name}.${member.name}`, member);
		}
	}
	return found;
}

/** Lines that stand apart by their indentation alone: Markdown runs them together into one paragraph. */
function unfenced(source: string): string[] {
	let fenced = false;
	return source.split("\n").filter((line) => {
		const text = line.replace(/^\s*\/?\*+\/?/, "");
		if (/^\s*```/.test(text)) fenced = !fenced;
		return !fenced && /^ {3,}\S/.test(text);
	});
}

const all = docs();

test("a line that stands apart by indentation is seen", () => {
	expect(unfenced("/**\n * Text.\n *\n *   h = x\n */")).toEqual([
		" *   h = x",
	]);
	expect(unfenced("/**\n * ```text\n *   h = x\n * ```\n */")).toEqual([]);
});

test("equations and examples of every exported name stand in fences", () => {
	expect(all.length).toBeGreaterThan(300);
	const wrong = all.flatMap(({ name, source }) =>
		unfenced(source).map((line) => `${name}: ${line}`),
	);
	expect(wrong).toEqual([]);
	for (const { name, doc } of all)
		expect((doc.match(/^```/gm) ?? []).length % 2, name).toBe(0);
});

test("every exported function says what it is", () => {
	const silent = all
		.filter(({ name, doc }) => /^[a-z][\w]*$/.test(name) && doc === "")
		.map(({ name }) => name);
	expect(silent).toEqual([]);
});

test("the equations of a cell keep their lines", () => {
	const lstm = all.find(({ name }) => name === "lstm")?.doc ?? "";
	const [, equations] = lstm.split("```");
	expect(equations.trim().split("\n")).toHaveLength(7); // "text", and six equations
	expect(readFileSync(join(project, "lib/cells/lstm.ts"), "utf8")).toContain(
		"```text",
	);
});
