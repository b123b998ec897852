import type ts from "typescript-cells";
import type { Edit } from "../compile/edits.ts";
import { isForAwait } from "../compile/syntax.ts";
import { stock } from "../compile/typescript.ts";

/**
 * In local modules, and under other names in cells (sharing.ts), `await x` becomes `await __await(x)`, and `for await (… of xs)` becomes
 * `for await (… of __awaitEach(xs))`: so the kernel can end what a stopped cell waits for (life/life.ts).
 */
export const AWAIT = "__await";
export const AWAIT_EACH = "__awaitEach";

/** The same in a tree. */
export const guardAwaits: ts.TransformerFactory<ts.SourceFile> =
	(context) => (file) => {
		const { factory } = context;
		const call = (name: string, argument: ts.Expression) =>
			factory.createCallExpression(factory.createIdentifier(name), undefined, [
				argument,
			]);
		const visit = (node: ts.Node): ts.Node => {
			const made = stock.visitEachChild(node, visit, context);
			if (stock.isAwaitExpression(made))
				return factory.updateAwaitExpression(
					made,
					call(AWAIT, made.expression),
				);
			if (isForAwait(made))
				return factory.updateForOfStatement(
					made,
					made.awaitModifier,
					made.initializer,
					call(AWAIT_EACH, made.expression),
					made.statement,
				);
			return made;
		};
		return /\bawait\b/.test(file.text)
			? (stock.visitNode(file, visit) as ts.SourceFile)
			: file;
	};

/** The same in a text: the edits for one node. */
export function guardAwait(node: ts.Node, file: ts.SourceFile): Edit[] {
	const name = stock.isAwaitExpression(node)
		? AWAIT
		: isForAwait(node)
			? AWAIT_EACH
			: undefined;
	if (!name) return [];
	const { expression } = node as ts.AwaitExpression | ts.ForOfStatement;
	const start = expression.getStart(file);
	const { end } = expression;
	return [
		{ start, end: start, text: `${name}(` },
		{ start: end, end, text: ")" },
	];
}
