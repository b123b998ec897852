import type ts from "typescript-cells";
import type { Mapping } from "./emit.ts";
import { stock } from "./stock.ts";

/** A part of a text and what stands there instead. */
export interface Edit {
	start: number;
	end: number;
	text: string;
}

/** Something that only the compiler can put into JavaScript, since it does more than to describe. */
export class NotErasable extends Error {}

const { SyntaxKind: Kind, NodeFlags } = stock;

/** Modifiers that mean something to the compiler only. */
const ERASED: ts.SyntaxKind[] = [
	Kind.PublicKeyword,
	Kind.PrivateKeyword,
	Kind.ProtectedKeyword,
	Kind.ReadonlyKeyword,
	Kind.AbstractKeyword,
	Kind.OverrideKeyword,
	Kind.DeclareKeyword,
];

/** Members and statements that are nothing at run time. */
function isDescription(node: ts.Node): boolean {
	if (stock.isInterfaceDeclaration(node) || stock.isTypeAliasDeclaration(node))
		return true;
	if (stock.isIndexSignatureDeclaration(node)) return true;
	const modifiers = stock.canHaveModifiers(node) ? node.modifiers : undefined;
	const says = (kind: ts.SyntaxKind) =>
		modifiers?.some((each) => each.kind === kind) ?? false;
	if (says(Kind.DeclareKeyword)) return true;
	if (stock.isClassElement(node) && says(Kind.AbstractKeyword)) return true;
	return stock.isFunctionLike(node) && !("body" in node && node.body)
		? stock.isFunctionDeclaration(node) || stock.isClassElement(node)
		: false;
}

/** Whether the compiler writes something for a node that does not stand there. */
function needsCompiler(node: ts.Node): boolean {
	switch (node.kind) {
		case Kind.EnumDeclaration:
		case Kind.ModuleDeclaration:
		case Kind.Decorator:
		case Kind.AccessorKeyword:
		case Kind.ImportEqualsDeclaration:
		case Kind.JsxElement:
		case Kind.JsxSelfClosingElement:
		case Kind.JsxFragment:
			return true;
		case Kind.VariableDeclarationList: // `using`
			return (node.flags & NodeFlags.BlockScoped) > NodeFlags.Const;
		case Kind.ExportAssignment:
			return (node as ts.ExportAssignment).isExportEquals === true;
		case Kind.Parameter: // which declares a property as well
			return ((node as ts.ParameterDeclaration).modifiers?.length ?? 0) > 0;
		default:
			return false;
	}
}

/**
 * Blanks the types of a file, so that JavaScript remains, each part of it where it was.
 * @param remains is called with each node that remains, and tells whether to look into it
 * @throws NotErasable for what is more than a type: enums, decorators, namespaces, and where a line would mean something else.
 */
export function eraseTypes(
	file: ts.SourceFile,
	edits: Edit[],
	remains: (node: ts.Node, parent: ts.Node) => boolean,
): void {
	const { text } = file;

	const blank = (start: number, end: number, first = "") => {
		const rest = text.slice(start + first.length, end);
		edits.push({ start, end, text: first + rest.replace(/[^\r\n]/g, " ") });
	};
	/** Where a line that loses its end would go on in the next. */
	const endsLine = (end: number) => {
		if (/^[ \t]*\r?\n\s*[([`+\-/]/.test(text.slice(end, end + 200)))
			throw new NotErasable("a line would go on");
	};
	const onOneLine = (start: number, end: number) => {
		if (text.slice(start, end).includes("\n"))
			throw new NotErasable("a line would end early");
	};
	const between = (list: ts.NodeArray<ts.Node> | undefined) => {
		if (list) blank(list.pos - 1, text.indexOf(">", list.end) + 1);
	};

	function visit(node: ts.Node, parent: ts.Node): void {
		const stands = stock.isStatement(node) || stock.isClassElement(node);
		if (stands && isDescription(node)) {
			blank(node.getStart(file), node.end, ";");
			return;
		}
		if (needsCompiler(node)) throw new NotErasable(Kind[node.kind]);
		if (stock.isHeritageClause(node)) {
			if (node.token === Kind.ImplementsKeyword) {
				blank(node.getStart(file), node.end);
				return;
			}
		} else if (ERASED.includes(node.kind)) {
			if (/^\s*[[\n]/.test(text.slice(node.end, node.end + 50)))
				throw new NotErasable("a member would join the one before");
			blank(node.getStart(file), node.end);
			return;
		} else if (
			stock.isAsExpression(node) ||
			stock.isSatisfiesExpression(node)
		) {
			endsLine(node.end);
			blank(node.expression.end, node.end);
			visit(node.expression, parent);
			return;
		} else if (stock.isTypeAssertionExpression(node)) {
			const start = node.getStart(file);
			onOneLine(start, node.expression.getStart(file));
			blank(start, node.expression.pos);
			visit(node.expression, parent);
			return;
		} else if (stock.isNonNullExpression(node)) blank(node.end - 1, node.end);
		else if (stock.isFunctionLike(node)) eraseSignature(node);
		else if (stock.isVariableDeclaration(node)) {
			if (node.type) endsLine(node.type.end);
			if (node.type) blank(node.name.end, node.type.end);
			else if (node.exclamationToken) blank(node.name.end, node.name.end + 1);
		} else if (stock.isParameter(node) || stock.isPropertyDeclaration(node)) {
			const { questionToken, type } = node;
			const mark =
				"exclamationToken" in node ? node.exclamationToken : undefined;
			const end = (type ?? questionToken ?? mark)?.end;
			if (end !== undefined) blank(node.name.end, end);
		} else if ("typeArguments" in node || stock.isClassLike(node))
			eraseArguments(node);
		if (!remains(node, parent)) return;
		stock.forEachChild(node, (child) => {
			// a type that is also the expression of a base class is one of the two only
			if (!stock.isTypeNode(child) || stock.isHeritageClause(node))
				visitUnlessErased(child, node);
		});
	}

	/** What {@link visit} has blanked with its parent is not looked at again. */
	function visitUnlessErased(node: ts.Node, parent: ts.Node): void {
		const isThis =
			stock.isParameter(node) &&
			stock.isIdentifier(node.name) &&
			node.name.text === "this";
		const isMark =
			node.kind === Kind.QuestionToken || node.kind === Kind.ExclamationToken;
		if (isMark || isThis || stock.isTypeParameterDeclaration(node)) return;
		visit(node, parent);
	}

	function eraseArguments(node: ts.Node): void {
		const { typeArguments, typeParameters } = node as {
			typeArguments?: ts.NodeArray<ts.Node>;
			typeParameters?: ts.NodeArray<ts.Node>;
		};
		between(typeArguments);
		between(typeParameters);
	}

	function eraseSignature(node: ts.SignatureDeclaration): void {
		const { typeParameters, parameters, type } = node;
		const arrow = stock.isArrowFunction(node);
		if (arrow && typeParameters) onOneLine(typeParameters.pos, parameters.pos);
		between(typeParameters);
		if ("questionToken" in node && node.questionToken)
			blank(node.questionToken.end - 1, node.questionToken.end);
		const [first] = parameters;
		if (
			first?.name &&
			stock.isIdentifier(first.name) &&
			first.name.text === "this"
		)
			blank(first.getStart(file), parameters[1]?.pos ?? parameters.end);
		if (!type) return;
		if (arrow) onOneLine(type.pos, node.equalsGreaterThanToken.end);
		blank(type.pos - 1, type.end);
	}

	for (const statement of file.statements) visit(statement, file);
}

/** Makes the edits, in any order, none in another. They keep the lines. */
export function edited(text: string, edits: Edit[]): string {
	edits.sort((a, b) => a.start - b.start || a.end - b.end);
	const parts: string[] = [];
	let at = 0;
	for (const { start, end, text: instead } of edits) {
		parts.push(text.slice(at, start), instead);
		at = end;
	}
	parts.push(text.slice(at));
	return parts.join("");
}

/** Finds a place of the edited text in the one before. */
export function placesBefore(text: string, edits: Edit[]): Mapping {
	const starts = (of: string) =>
		[...of.matchAll(/^/gm)].map(({ index }) => index);
	const before = starts(text);
	const after = starts(edited(text, edits));
	return {
		findEntry(line, column) {
			let at = after[line] + column;
			for (const { start, end, text: instead } of edits) {
				if (at < start) break;
				at = Math.max(start, at - instead.length + end - start);
			}
			const originalColumn = Math.max(0, at - before[line]);
			return { originalLine: line, originalColumn };
		},
	};
}
