import type ts from "typescript-cells";
import { type Mapping, mapping } from "./source-map.ts";
import {
	type EmitResolver,
	type EmittingChecker,
	type MappingPrinter,
	stock,
} from "./typescript.ts";

/** A cell as JavaScript: an ES module. */
export interface Emitted {
	text: string;
	map: Mapping;
}

/** Emits the file of a cell, and nothing else: local modules are compiled when they are run. */
export function emitCell(program: ts.Program, file: ts.SourceFile): Emitted {
	const checker = program.getTypeChecker() as EmittingChecker;
	const resolver = checker.getEmitResolver(file);
	const options = program.getCompilerOptions();
	const transform = stock.transformNodes(
		keepingImports(resolver, checker),
		program,
		stock.factory,
		options,
		[file],
		stock.getTransformers(options).scriptTransformers,
		false,
	);
	const printer = stock.createPrinter(options, {
		hasGlobalName: resolver.hasGlobalName,
		onEmitNode: transform.emitNodeWithNotification,
		isEmitNotificationEnabled: transform.isEmitNotificationEnabled,
		substituteNode: transform.substituteNode,
	}) as MappingPrinter;
	const writer = stock.createTextWriter("\n");
	const map = stock.createSourceMapGenerator(program, "cell.js", "", "", {});
	printer.writeFile(transform.transformed[0], writer, map);
	transform.dispose();
	const json = map.toString(); // only the text, which takes less memory: the maps of two thousand cells are kept
	return { text: writer.getText(), map: mapping(() => json) };
}

/** Keeps all imports of values, since a later cell may use them; imports of types are left out. */
function keepingImports(
	resolver: EmitResolver,
	checker: EmittingChecker,
): EmitResolver {
	const { Value, ConstEnum } = stock.SymbolFlags;
	const isValue = (node: ts.Node) => {
		const { symbol } = node as ts.Declaration & { symbol?: ts.Symbol };
		if (!symbol || checker.getTypeOnlyAliasDeclaration(symbol)) return false;
		const { flags } = checker.getAliasedSymbol(symbol);
		return (flags & Value & ~ConstEnum) !== 0;
	};
	return {
		...resolver,
		isReferencedAliasDeclaration: (node, children) =>
			resolver.isReferencedAliasDeclaration(node, children) || isValue(node),
	};
}
