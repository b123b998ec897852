import type ts from "typescript-cells";
import { stock } from "./stock.ts";

/** The first `await`, `for await` or `await using` of a file that is outside of every function. */
export function topLevelAwait(file: ts.SourceFile): ts.Node | undefined {
	const visit = (node: ts.Node): ts.Node | undefined => {
		if (stock.isFunctionLike(node) || stock.isClassLike(node)) return undefined;
		if (stock.isAwaitExpression(node)) return node;
		if (stock.isForOfStatement(node) && node.awaitModifier)
			return node.awaitModifier;
		if (stock.isVariableDeclarationList(node)) {
			const kind = node.flags & stock.NodeFlags.BlockScoped;
			if (kind === stock.NodeFlags.AwaitUsing) return node;
		}
		return stock.forEachChild(node, visit);
	};
	return file.text.includes("await")
		? stock.forEachChild(file, visit)
		: undefined;
}
