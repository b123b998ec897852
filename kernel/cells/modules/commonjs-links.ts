import type ts from "typescript-cells";
import type { Edit } from "../compile/edits.ts";
import { isReference, meaning, namesIn } from "../compile/syntax.ts";
import { stock } from "../compile/typescript.ts";
import { NotErasable } from "./erase-types.ts";

/** What a module that writes `import x` or `import * as x` gets for a module that was never an ES module. */
const DEFAULT =
	"const __importDefault = (m) => (m && m.__esModule ? m : { default: m });";
const STAR =
	'const __importStar = (m) => { if (m && m.__esModule) return m; const all = { default: m }; for (const name of Object.getOwnPropertyNames(Object(m))) if (name !== "default") Object.defineProperty(all, name, { enumerable: true, get: () => m[name] }); return all; };';
const ALL =
	'const __exportAll = (m) => { for (const name of Object.keys(m)) if (name !== "default" && !Object.hasOwn(exports, name)) Object.defineProperty(exports, name, { enumerable: true, get: () => m[name] }); };';

const { SyntaxKind: Kind } = stock;

const has = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
	(stock.canHaveModifiers(node) ? node.modifiers : undefined)?.some(
		(each) => each.kind === kind,
	) ?? false;

/** The variable that holds what a statement imports. */
const variableOf = (index: number): string => `__import_${index}`;

/** An import of a file, and what the name in it stands for. */
interface Imported {
	declaration: ts.ImportDeclaration;
	value: string;
}

/**
 * Turns the imports and exports of a module into those of CommonJS, in place, as TypeScript would: a name that is imported
 * is looked up whenever it is used, and imports that are only types are left out.
 */
export class Linking {
	readonly #file: ts.SourceFile;
	readonly #edits: Edit[];
	readonly #imported = new Map<string, Imported>();
	readonly #used = new Set<ts.ImportDeclaration>();
	/** What is exported, and the code that gives it. */
	readonly #exported = new Map<string, string>();
	readonly #helpers = new Set<string>();

	constructor(file: ts.SourceFile, edits: Edit[]) {
		this.#file = file;
		this.#edits = edits;
		for (const [index, statement] of file.statements.entries()) {
			if (!stock.isImportDeclaration(statement)) continue;
			const { name, namedBindings: bindings } = statement.importClause ?? {};
			const add = (local: ts.Identifier, value: string) =>
				this.#imported.set(local.text, { declaration: statement, value });
			if (name) add(name, `${variableOf(index)}.default`);
			if (bindings && stock.isNamespaceImport(bindings))
				add(bindings.name, variableOf(index));
			else
				for (const each of bindings?.elements ?? [])
					add(
						each.name,
						`${variableOf(index)}[${JSON.stringify(meaning(each))}]`,
					);
		}
	}

	/** Visits a node that remains of the module; returns whether to visit its children. */
	see(node: ts.Node, parent: ts.Node): boolean {
		if (stock.isIdentifier(node)) this.#refer(node, parent);
		else if (stock.isMetaProperty(node)) {
			if (node.keywordToken === Kind.ImportKeyword)
				this.#replace(node, "__importMeta");
			return false;
		} else if (node.kind === Kind.ImportKeyword)
			this.#replace(node, "__import");
		else if (stock.isImportDeclaration(node)) return false;
		else if (stock.isExportDeclaration(node)) {
			this.#exportNames(node);
			return false;
		} else if (stock.isExportAssignment(node)) {
			const { start } = this.#startOf(node.expression);
			this.#replace(node, "exports.default = ", start);
		} else if (parent === this.#file && has(node, Kind.ExportKeyword))
			this.#exportDeclaration(node);
		return true;
	}

	/** Makes the edits that depend on the complete file. */
	end(): void {
		for (const [index, statement] of this.#file.statements.entries()) {
			if (!stock.isImportDeclaration(statement)) continue;
			const { importClause: clause, moduleSpecifier } = statement;
			const from = `require(${moduleSpecifier.getText(this.#file)})`;
			const { start, lines } = this.#startOf(statement);
			let text = `${from};`;
			if (clause)
				text = this.#used.has(statement)
					? `const ${variableOf(index)} = ${this.#wrapped(clause, from)};`
					: ";";
			this.#edits.push({ start, end: statement.end, text: text + lines });
		}
		if (!stock.isExternalModule(this.#file)) return;
		const getters = [...this.#exported].map(
			([name, value]) =>
				`Object.defineProperty(exports, ${JSON.stringify(name)}, { enumerable: true, get: () => ${value} });`,
		);
		const mark =
			'"use strict"; Object.defineProperty(exports, "__esModule", { value: true });';
		const text = [mark, ...this.#helpers, ...getters, ""].join(" ");
		this.#edits.push({ start: 0, end: 0, text });
	}

	#wrapped(clause: ts.ImportClause, from: string): string {
		const { name, namedBindings: bindings } = clause;
		const names =
			bindings && stock.isNamedImports(bindings)
				? bindings.elements.map(meaning)
				: [];
		const only = !bindings || names.every((each) => each === "default");
		if (bindings && stock.isNamespaceImport(bindings)) return this.#star(from);
		if (!name && !names.includes("default")) return from;
		return only ? this.#default(from) : this.#star(from);
	}

	#default(from: string): string {
		this.#helpers.add(DEFAULT);
		return `__importDefault(${from})`;
	}

	#star(from: string): string {
		this.#helpers.add(STAR);
		return `__importStar(${from})`;
	}

	#startOf(node: ts.Node): { start: number; lines: string } {
		const text = node.getText(this.#file);
		const lines = "\n".repeat(text.split("\n").length - 1);
		return { start: node.getStart(this.#file), lines };
	}

	#replace(node: ts.Node, text: string, end = node.end): void {
		this.#edits.push({ start: node.getStart(this.#file), end, text });
	}

	#refer(node: ts.Identifier, parent: ts.Node): void {
		const found = this.#imported.get(node.text);
		if (!found || !isReference(node, parent)) return;
		const { declaration, value } = found;
		if ("name" in parent && parent.name === node) {
			if (!stock.isShorthandPropertyAssignment(parent))
				throw new NotErasable(`${node.text} has two meanings`);
			this.#replace(node, `${node.text}: ${value}`);
		} else {
			// in parentheses, types between them and the call may have been blanked
			const called =
				(stock.isCallExpression(parent) && parent.expression === node) ||
				stock.isTaggedTemplateExpression(parent) ||
				stock.isParenthesizedExpression(parent) ||
				stock.isNonNullExpression(parent);
			this.#replace(node, called ? `(0, ${value})` : value);
		}
		this.#used.add(declaration);
	}

	/** `export function`, `export const` and the like. */
	#exportDeclaration(node: ts.Node): void {
		const { name } = node as { name?: ts.Identifier };
		const modifiers = (node as { modifiers?: ts.NodeArray<ts.Node> }).modifiers;
		const isDefault = has(node, Kind.DefaultKeyword);
		for (const each of modifiers ?? []) {
			if (each.kind === Kind.ExportKeyword || each.kind === Kind.DefaultKeyword)
				this.#replace(
					each,
					isDefault && !name
						? ""
						: " ".repeat(each.end - each.getStart(this.#file)),
				);
		}
		if (stock.isVariableStatement(node)) {
			for (const each of node.declarationList.declarations)
				for (const one of namesIn(each.name)) this.#exported.set(one, one);
		} else if (name)
			this.#exported.set(isDefault ? "default" : name.text, name.text);
		else {
			const start = node.getStart(this.#file);
			this.#edits.push({ start, end: start, text: "exports.default = " });
			this.#edits.push({ start: node.end, end: node.end, text: ";" });
		}
	}

	/** `export { … }` and `export … from`. */
	#exportNames(node: ts.ExportDeclaration): void {
		const { exportClause: clause, moduleSpecifier, isTypeOnly } = node;
		const { start, lines } = this.#startOf(node);
		const replace = (text: string) =>
			this.#edits.push({ start, end: node.end, text: text + lines });
		if (isTypeOnly) return void replace(";");
		const names =
			clause && stock.isNamedExports(clause)
				? clause.elements.filter((each) => !each.isTypeOnly)
				: [];
		if (!moduleSpecifier) {
			for (const each of names) {
				const local = (each.propertyName ?? each.name).text;
				const imported = this.#imported.get(local);
				if (imported) this.#used.add(imported.declaration);
				if (imported || !this.#isType(local))
					this.#exported.set(each.name.text, imported?.value ?? local);
			}
			return void replace(";");
		}
		const from = `require(${moduleSpecifier.getText(this.#file)})`;
		if (!clause) {
			this.#helpers.add(ALL);
			return void replace(`__exportAll(${from});`);
		}
		const at = `__export_${start}`;
		if (stock.isNamespaceExport(clause)) {
			this.#exported.set(clause.name.text, at);
			return void replace(`const ${at} = ${this.#star(from)};`);
		}
		for (const each of names)
			this.#exported.set(
				each.name.text,
				`${at}[${JSON.stringify(meaning(each))}]`,
			);
		const value = names.map(meaning).includes("default")
			? this.#star(from)
			: from;
		replace(`const ${at} = ${value};`);
	}

	/** Whether a name of the file is that of a type, and of nothing else. */
	#isType(name: string): boolean {
		const named = this.#file.statements.filter(
			(each) => (each as { name?: ts.Node }).name?.getText(this.#file) === name,
		);
		return (
			named.length > 0 &&
			named.every(
				(each) =>
					stock.isInterfaceDeclaration(each) ||
					stock.isTypeAliasDeclaration(each),
			)
		);
	}
}
