import type ts from "typescript-cells";
import type { Edit } from "../compile/edits.ts";
import { stock } from "../compile/typescript.ts";

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
	remains: Remains,
): void {
	const eraser = new Eraser(file, edits, remains);
	for (const statement of file.statements) eraser.visit(statement, file);
}

type Remains = (node: ts.Node, parent: ts.Node) => boolean;

class Eraser {
	readonly #file: ts.SourceFile;
	readonly #edits: Edit[];
	readonly #remains: Remains;

	constructor(file: ts.SourceFile, edits: Edit[], remains: Remains) {
		this.#file = file;
		this.#edits = edits;
		this.#remains = remains;
	}

	visit(node: ts.Node, parent: ts.Node): void {
		if (this.#eraseWhole(node)) return;
		if (needsCompiler(node)) throw new NotErasable(Kind[node.kind]);
		if (this.#eraseAround(node, parent)) return;
		this.#eraseParts(node);
		if (!this.#remains(node, parent)) return;
		stock.forEachChild(node, (child) => {
			// a type that is also the expression of a base class is one of the two only
			if (stock.isTypeNode(child) && !stock.isHeritageClause(node)) return;
			// what was blanked with its parent is not looked at again
			if (!isErasedWithParent(child)) this.visit(child, node);
		});
	}

	/** Blanks a node that is nothing at run time. Whether it was one. */
	#eraseWhole(node: ts.Node): boolean {
		const blank = (first = "") => {
			// asked for here alone: finding it costs as much as all else that is done to a node
			this.#blank(node.getStart(this.#file), node.end, first);
			return true;
		};
		const stands = stock.isStatement(node) || stock.isClassElement(node);
		if (stands && isDescription(node)) return blank(";");
		if (ERASED.includes(node.kind)) {
			if (/^\s*\[/.test(this.#textOf(node.end, node.end + 50)))
				throw new NotErasable("a member would join the one before");
			return blank();
		}
		const isErased =
			stock.isHeritageClause(node) && node.token === Kind.ImplementsKeyword;
		return isErased && blank();
	}

	/** Blanks the type of an expression, `<T>x`, `x as T`, and visits the expression. Whether it had one. */
	#eraseAround(node: ts.Node, parent: ts.Node): boolean {
		if (stock.isAsExpression(node) || stock.isSatisfiesExpression(node)) {
			this.#endsLine(node.end);
			this.#blank(node.expression.end, node.end);
		} else if (stock.isTypeAssertionExpression(node)) {
			const start = node.getStart(this.#file);
			this.#onOneLine(start, node.expression.getStart(this.#file));
			this.#blank(start, node.expression.pos);
		} else return false;
		this.visit(node.expression, parent);
		return true;
	}

	/** Blanks the types in a node that remains. */
	#eraseParts(node: ts.Node): void {
		if (stock.isNonNullExpression(node)) this.#blank(node.end - 1, node.end);
		else if (stock.isFunctionLike(node)) this.#eraseSignature(node);
		else if (stock.isVariableDeclaration(node)) {
			const { name, type, exclamationToken } = node;
			if (type) this.#endsLine(type.end);
			if (type) this.#blank(name.end, type.end);
			else if (exclamationToken) this.#blank(name.end, name.end + 1);
		} else if (stock.isParameter(node) || stock.isPropertyDeclaration(node)) {
			const { questionToken, type } = node;
			const mark =
				"exclamationToken" in node ? node.exclamationToken : undefined;
			const end = (type ?? questionToken ?? mark)?.end;
			if (end !== undefined) this.#blank(node.name.end, end);
		} else if ("typeArguments" in node || stock.isClassLike(node)) {
			const { typeArguments, typeParameters } = node as {
				typeArguments?: ts.NodeArray<ts.Node>;
				typeParameters?: ts.NodeArray<ts.Node>;
			};
			this.#eraseList(typeArguments);
			this.#eraseList(typeParameters);
		}
	}

	#eraseSignature(node: ts.SignatureDeclaration): void {
		const { typeParameters, parameters, type } = node;
		const arrow = stock.isArrowFunction(node);
		if (arrow && typeParameters)
			this.#onOneLine(typeParameters.pos, parameters.pos);
		this.#eraseList(typeParameters);
		if ("questionToken" in node && node.questionToken)
			this.#blank(node.questionToken.end - 1, node.questionToken.end);
		const [first] = parameters;
		if (first && isThis(first)) {
			const end = parameters[1]?.pos ?? parameters.end;
			this.#blank(first.getStart(this.#file), end);
		}
		if (!type) return;
		if (arrow) this.#onOneLine(type.pos, node.equalsGreaterThanToken.end);
		this.#blank(type.pos - 1, type.end);
	}

	/** Blanks `<…>`. */
	#eraseList(list: ts.NodeArray<ts.Node> | undefined): void {
		if (!list) return;
		this.#blank(list.pos - 1, this.#file.text.indexOf(">", list.end) + 1);
	}

	#textOf(start: number, end: number): string {
		return this.#file.text.slice(start, end);
	}

	#blank(start: number, end: number, first = ""): void {
		const rest = this.#textOf(start + first.length, end);
		const text = first + rest.replace(/[^\r\n]/g, " ");
		this.#edits.push({ start, end, text });
	}

	/** @throws NotErasable where a line that loses its end would go on in the next */
	#endsLine(end: number): void {
		if (/^[ \t]*\r?\n\s*[([`+\-/]/.test(this.#textOf(end, end + 200)))
			throw new NotErasable("a line would go on");
	}

	/** @throws NotErasable where a line would end before its arrow or its expression */
	#onOneLine(start: number, end: number): void {
		if (this.#textOf(start, end).includes("\n"))
			throw new NotErasable("a line would end early");
	}
}

/** Whether a parameter only says what `this` is. */
const isThis = ({ name }: ts.ParameterDeclaration): boolean =>
	stock.isIdentifier(name) && name.text === "this";

const isErasedWithParent = (node: ts.Node): boolean =>
	node.kind === Kind.QuestionToken ||
	node.kind === Kind.ExclamationToken ||
	stock.isTypeParameterDeclaration(node) ||
	(stock.isParameter(node) && isThis(node));
