import type ts from "typescript-cells";
import { stock } from "./stock.ts";

const isExports = (node: ts.Node): boolean =>
	stock.isIdentifier(node) && node.text === "exports";

/** The names in `exports.a = exports.b = void 0`, by which TypeScript makes all exports exist at first. */
function hoisted(node: ts.Expression): string[] | undefined {
	const names: string[] = [];
	let rest = node;
	while (
		stock.isBinaryExpression(rest) &&
		rest.operatorToken.kind === stock.SyntaxKind.EqualsToken &&
		stock.isPropertyAccessExpression(rest.left) &&
		isExports(rest.left.expression)
	) {
		names.push(rest.left.name.text);
		rest = rest.right;
	}
	return names.length && stock.isVoidExpression(rest) ? names : undefined;
}

/** The name and the attributes in `Object.defineProperty(exports, "name", { … })`. */
function defined(
	node: ts.Expression,
): [name: string, attributes: ts.ObjectLiteralExpression] | undefined {
	if (!stock.isCallExpression(node)) return undefined;
	const [target, name, attributes] = node.arguments;
	return target &&
		isExports(target) &&
		stock.isStringLiteral(name) &&
		stock.isObjectLiteralExpression(attributes)
		? [name.text, attributes]
		: undefined;
}

/** What the getter in the attributes of an imported name returns. */
function gotten({
	properties,
}: ts.ObjectLiteralExpression): ts.Expression | undefined {
	for (const property of properties) {
		if (!stock.isPropertyAssignment(property)) continue;
		const { initializer } = property;
		if (!stock.isFunctionExpression(initializer)) continue;
		const [first] = initializer.body.statements;
		if (first && stock.isReturnStatement(first)) return first.expression;
	}
	return undefined;
}

/**
 * Fits what TypeScript writes for the exports of a module to the object that all cells share: names keep their values from
 * earlier cells until they get new ones, and an imported name is a value that a later cell may declare anew.
 * @param names receives the names that the cell declares
 */
export const shareExports =
	(names: string[]): ts.TransformerFactory<ts.SourceFile> =>
	({ factory }) =>
	(file) => {
		const statements = file.statements.flatMap((statement) => {
			if (!stock.isExpressionStatement(statement)) return [statement];
			const chain = hoisted(statement.expression);
			if (chain) {
				names.push(...chain);
				return [];
			}
			const [name, attributes] = defined(statement.expression) ?? [];
			if (!name || !attributes) return [statement];
			if (name === "__esModule") return [];
			const value = gotten(attributes);
			if (!value) return [statement];
			names.push(name);
			const place = factory.createPropertyAccessExpression(
				factory.createIdentifier("exports"),
				name,
			);
			return [
				factory.createExpressionStatement(
					factory.createAssignment(place, value),
				),
			];
		});
		return factory.updateSourceFile(file, statements);
	};
