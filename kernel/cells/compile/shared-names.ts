import type ts from "typescript-cells";
import { type Edit, edited, positionsBefore } from "./edits.ts";
import { type Declared, MARK } from "./marked-names.ts";
import type { Mapping } from "./source-map.ts";
import { isForAwait, isReference, meaning, namesIn } from "./syntax.ts";
import { stock } from "./typescript.ts";

/** Variables of the scope that only the code of the kernel knows, under names that no reader can have. */
export const OWN = {
	/** Makes names stand for what a module exports: `(id, { local: exported })`, where `*` is all of it, or hands over how to read it. */
	link: `link${MARK}`,
	import: `import${MARK}`,
	meta: `meta${MARK}`,
	/** What stands around what is awaited, see life/life.ts. */
	await: `await${MARK}`,
	awaitEach: `each${MARK}`,
};

/** The code of a cell, ready to be the body of a function that returns `{ value }` of the last expression. */
export interface Shared {
	code: string;
	map: Mapping;
	declared: Declared[];
}

const { SyntaxKind: Kind, NodeFlags } = stock;

/** Whether a node is in a function, or in the static block of a class, where a `var` stays. */
function isInFunction(node: ts.Node): boolean {
	const isEnd = (each: ts.Node) =>
		stock.isFunctionLike(each) || stock.isClassStaticBlockDeclaration(each);
	return stock.findAncestor(node, isEnd) !== undefined;
}

/** What a name means that is declared in a node itself. */
function localOf(node: ts.Node, name: string): ts.Symbol | undefined {
	const { locals } = node as { locals?: ts.SymbolTable };
	return locals?.get(stock.escapeLeadingUnderscores(name));
}

/** What the transformation of a cell needs to know. */
export interface Names {
	/** Names that the cell declares. */
	own: ReadonlySet<string>;
	/** Those of them that are created anew at each run of the cell: enums and namespaces. */
	reset: ReadonlySet<string>;
	/** Whether an earlier cell declared a name. */
	known(name: string): boolean;
}

/**
 * Makes the variables of a cell, as JavaScript, those that all cells share: every reference to one gets its marked name,
 * a declaration becomes an assignment, and an import links names to what the module exports. Lines stay as they are.
 * @param returns whether the value of the last expression is that of the cell
 */
export function shareNames(
	text: string,
	names: Names,
	returns: boolean,
): Shared {
	const file = stock.createSourceFile(
		"cell.js",
		text,
		stock.ScriptTarget.ESNext,
		true,
		stock.ScriptKind.JS,
	);
	stock.bindSourceFile(file, {});
	return new Sharing(file, names).share(returns);
}

/** Whether a name that a function declares is the one meant at a node: in a parameter's default, those of its body are not. */
function reaches(local: ts.Symbol, scope: ts.Node, node: ts.Node): boolean {
	const { body } = scope as { body?: ts.Node };
	if (!body || !stock.isFunctionLike(scope) || node.pos >= body.pos)
		return true;
	return local.declarations?.some(({ pos }) => pos < body.pos) ?? true;
}

/** The names that functions and classes have for themselves. */
const isOwnName = (node: ts.Identifier, parent: ts.Node): boolean =>
	(stock.isFunctionLike(parent) || stock.isClassLike(parent)) &&
	parent.name === node;

/** A function or class that takes its name from where it is assigned. */
function isAnonymous(value: ts.Expression): boolean {
	const inner = stock.skipParentheses(value);
	if (stock.isArrowFunction(inner)) return true;
	return (
		(stock.isFunctionExpression(inner) || stock.isClassExpression(inner)) &&
		!inner.name
	);
}

const ASSIGNMENTS: ts.SyntaxKind[] = [
	Kind.EqualsToken,
	Kind.QuestionQuestionEqualsToken,
	Kind.BarBarEqualsToken,
	Kind.AmpersandAmpersandEqualsToken,
];

/** The value that a name may get at a node: `name = value`, in a declaration, an assignment or a pattern. */
function valueFor(
	node: ts.Node,
): { name: ts.Identifier; value: ts.Expression } | undefined {
	let name: ts.Node | undefined;
	let value: ts.Expression | undefined;
	if (stock.isVariableDeclaration(node) || stock.isBindingElement(node))
		({ name, initializer: value } = node);
	else if (stock.isShorthandPropertyAssignment(node))
		({ name, objectAssignmentInitializer: value } = node);
	else if (stock.isBinaryExpression(node)) {
		if (!ASSIGNMENTS.includes(node.operatorToken.kind)) return undefined;
		({ left: name, right: value } = node);
	}
	return name && value && stock.isIdentifier(name)
		? { name, value }
		: undefined;
}

class Sharing {
	readonly #file: ts.SourceFile;
	readonly #names: Names;
	readonly #edits: Edit[] = [];
	readonly #declared: Declared[] = [];
	/** Text to put around nodes. */
	readonly #around = new Map<ts.Node, [before: string, after: string]>();
	/** Text to put first: functions are hoisted. */
	#first = '"use strict"; ';

	constructor(file: ts.SourceFile, names: Names) {
		this.#file = file;
		this.#names = names;
	}

	share(returns: boolean): Shared {
		const { statements, text } = this.#file;
		if (returns) this.#return(statements);
		for (const statement of statements) this.#visit(statement);
		const edits = this.#edits;
		edits.unshift({ start: 0, end: 0, text: this.#first });
		const code = edited(text, edits);
		const map: Mapping = {
			findEntry: (line, column) =>
				positionsBefore(text, edits).findEntry(line, column),
		};
		return { code, map, declared: this.#declared };
	}

	#visit(node: ts.Node): void {
		const isMeta =
			stock.isMetaProperty(node) && node.keywordToken === Kind.ImportKeyword;
		if (isMeta) this.#replace(node, OWN.meta + MARK);
		else if (stock.isImportDeclaration(node)) this.#link(node);
		else if (stock.isExportDeclaration(node)) this.#linkExports(node);
		else this.#visitInside(node);
	}

	#visitInside(node: ts.Node): void {
		if (stock.isIdentifier(node)) this.#refer(node);
		else if (node.kind === Kind.ImportKeyword)
			this.#replace(node, OWN.import + MARK);
		else if (stock.isVariableDeclarationList(node)) this.#assign(node);
		else if (stock.isFunctionDeclaration(node)) this.#declareFunction(node);
		else if (stock.isClassDeclaration(node)) this.#declareClass(node);
		if (stock.isAwaitExpression(node))
			this.#around.set(node.expression, [`${OWN.await + MARK}(`, ")"]);
		else if (isForAwait(node))
			this.#around.set(node.expression, [`${OWN.awaitEach + MARK}(`, ")"]);
		const { name, value } = valueFor(node) ?? {};
		if (name && value && isAnonymous(value) && this.#isShared(name))
			this.#around.set(value, [`{ ["${name.text}"]: `, ` }.${name.text}`]);
		const [before, after] = this.#around.get(node) ?? [];
		if (before) this.#insert(node.getStart(this.#file), before);
		stock.forEachChild(node, (child) => this.#visit(child));
		if (after) this.#insert(node.end, after);
	}

	/** A name in an expression, or in a pattern. */
	#refer(node: ts.Identifier): void {
		const { parent, text } = node;
		if (!isReference(node, parent) || isOwnName(node, parent)) return;
		if (!this.#isShared(node)) return;
		const isShort = stock.isBindingElement(parent)
			? stock.isObjectBindingPattern(parent.parent) &&
				!parent.propertyName &&
				!parent.dotDotDotToken &&
				parent.name === node
			: stock.isShorthandPropertyAssignment(parent) && parent.name === node;
		this.#insert(node.end, isShort ? `: ${text}${MARK}` : MARK);
	}

	/** Whether a name means a variable of the cells where it stands. */
	#isShared(node: ts.Identifier): boolean {
		const { text } = node;
		const { own, known } = this.#names;
		if (!own.has(text) && !known(text)) return false;
		for (let at: ts.Node = node.parent; at !== this.#file; at = at.parent) {
			const local = localOf(at, text);
			if (local && reaches(local, at, node)) return false;
			if (stock.isClassLike(at) || stock.isFunctionExpression(at))
				if (at.name?.text === text) return false;
		}
		return own.has(text) || !localOf(this.#file, text);
	}

	/** `let a = 1, { b } = c` becomes `(a = 1, { b: b } = c)`. */
	#assign(list: ts.VariableDeclarationList): void {
		const { parent, declarations } = list;
		const scoped = (list.flags & NodeFlags.BlockScoped) !== 0;
		if (scoped ? parent.parent !== this.#file : isInFunction(list)) return;
		if (scoped && !stock.isVariableStatement(parent)) return;
		const { own, reset } = this.#names;
		const names = declarations.flatMap(({ name }) => namesIn(name));
		const shared = names.filter((each) => own.has(each));
		if (!shared.length) return;
		const others = names.filter((each) => !own.has(each));
		if (others.length) this.#first += `var ${others.join(", ")}; `;
		for (const name of shared) this.#declared.push({ name, hoisted: !scoped });
		const isOfLoop =
			stock.isForInStatement(parent) || stock.isForOfStatement(parent);
		const start = list.getStart(this.#file);
		const first = declarations[0].getStart(this.#file);
		const text = isOfLoop ? "" : "(";
		this.#edits.push({ start, end: first, text });
		if (isOfLoop) return;
		this.#around.set(list, ["", ")"]);
		for (const each of declarations) {
			const { name, initializer } = each;
			if (initializer || !stock.isIdentifier(name)) continue;
			if (scoped || reset.has(name.text))
				this.#around.set(each, ["", " = void 0"]);
		}
	}

	#declareFunction({ name, parent }: ts.FunctionDeclaration): void {
		if (parent !== this.#file || !name || !this.#names.own.has(name.text))
			return;
		this.#declared.push({ name: name.text, hoisted: true });
		this.#first += `${name.text}${MARK} = ${name.text}; `;
	}

	#declareClass(node: ts.ClassDeclaration): void {
		const { name, parent } = node;
		if (parent !== this.#file || !name || !this.#names.own.has(name.text))
			return;
		this.#declared.push({ name: name.text, hoisted: false });
		this.#around.set(node, [`${name.text}${MARK} = `, ";"]);
	}

	#link(node: ts.ImportDeclaration): void {
		const { importClause: clause, moduleSpecifier } = node;
		const links: string[] = [];
		const add = ({ text }: ts.Identifier, exported: string) => {
			const name = JSON.stringify(exported);
			if (this.#names.own.has(text)) {
				this.#declared.push({ name: text, hoisted: false });
				links.push(`["${text}"]: ${name}`);
			} else {
				// the compiler's own, such as what JSX becomes
				this.#first += `var ${text}; `;
				links.push(`["${text}"]: (read) => { ${text} = read(${name}) }`);
			}
		};
		if (clause?.name) add(clause.name, "default");
		const bindings = clause?.namedBindings;
		if (bindings && stock.isNamespaceImport(bindings)) add(bindings.name, "*");
		else
			for (const each of bindings?.elements ?? [])
				add(each.name, meaning(each));
		this.#load(node, moduleSpecifier, links);
	}

	/** A cell exports nothing; the module of which it would export something is loaded. */
	#linkExports(node: ts.ExportDeclaration): void {
		if (node.moduleSpecifier) this.#load(node, node.moduleSpecifier, []);
		else this.#replace(node, ";");
	}

	#load(node: ts.Node, from: ts.Expression, links: string[]): void {
		const id = JSON.stringify((from as ts.StringLiteral).text);
		this.#replace(node, `${OWN.link + MARK}(${id}, { ${links.join(", ")} });`);
	}

	/** Returns the value of the last expression. */
	#return(statements: readonly ts.Statement[]): void {
		const last = statements.findLast(
			(each) => !stock.isExportDeclaration(each),
		);
		if (!last) return;
		// what uses `using` is wrapped by the compiler
		if (stock.isTryStatement(last)) this.#return(last.tryBlock.statements);
		if (stock.isExpressionStatement(last))
			this.#around.set(last.expression, ["return { value: (0, ", ") }"]);
	}

	#insert(at: number, text: string): void {
		this.#edits.push({ start: at, end: at, text });
	}

	/** Replaces a node, and keeps its number of lines. */
	#replace(node: ts.Node, text: string): void {
		const start = node.getStart(this.#file);
		const { length } = node.getText(this.#file).split("\n");
		const lines = "\n".repeat(length - 1);
		this.#edits.push({ start, end: node.end, text: text + lines });
	}
}
