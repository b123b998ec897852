import type ts from "typescript-cells";
import type { Edit } from "../compile/edits.ts";
import { stock } from "../compile/typescript.ts";

/** Thrown for syntax that blanking cannot turn into JavaScript, such as an enum: the compiler has to emit code for it. */
export class NotErasable extends Error {}

const { SyntaxKind: Kind, NodeFlags } = stock;

/** Modifiers that have no meaning in JavaScript. */
const ERASED: ts.SyntaxKind[] = [
	Kind.PublicKeyword,
	Kind.PrivateKeyword,
	Kind.ProtectedKeyword,
	Kind.ReadonlyKeyword,
	Kind.AbstractKeyword,
	Kind.OverrideKeyword,
	Kind.DeclareKeyword,
];

/** Whether a member or statement only declares a type, so that nothing of it remains at run time. */
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

/** Whether the compiler emits code for a node that its own text does not contain. */
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
 * Replaces the types of a file by spaces. What remains is JavaScript, at its old lines and columns.
 * @param remains is called with each node that remains, and returns whether to visit its children
 * @throws NotErasable for enums, decorators and namespaces, and where a line without its type would be parsed in another way.
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
			// `extends Base<T>`: the base class is a type node as well, and must remain
			if (stock.isTypeNode(child) && !stock.isHeritageClause(node)) return;
			// its parent has blanked it already
			if (!isErasedWithParent(child)) this.visit(child, node);
		});
	}

	/** Blanks a node of which nothing remains at run time; returns whether it was one. */
	#eraseWhole(node: ts.Node): boolean {
		const blank = (first = "") => {
			// only here, as getStart scans the text: it would double the time of a visit
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

	/** Blanks the type in `<T>x`, `x as T` or `x satisfies T`, and visits x; returns whether the node was one of these. */
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

	/** Blanks a list of types with its brackets, `<…>`. */
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

	/** @throws NotErasable where a line without its type would continue in the next: `x as T` before a line that begins with `(` */
	#endsLine(end: number): void {
		if (/^[ \t]*\r?\n\s*[([`+\-/]/.test(this.#textOf(end, end + 200)))
			throw new NotErasable("a line would go on");
	}

	/** @throws NotErasable where JavaScript allows no line break: before an arrow, or in `return <T>` before its expression */
	#onOneLine(start: number, end: number): void {
		if (this.#textOf(start, end).includes("\n"))
			throw new NotErasable("a line would end early");
	}
}

/** Whether a parameter is `this`, which only declares a type. */
const isThis = ({ name }: ts.ParameterDeclaration): boolean =>
	stock.isIdentifier(name) && name.text === "this";

const isErasedWithParent = (node: ts.Node): boolean =>
	node.kind === Kind.QuestionToken ||
	node.kind === Kind.ExclamationToken ||
	stock.isTypeParameterDeclaration(node) ||
	(stock.isParameter(node) && isThis(node));
