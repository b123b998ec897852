import { SourceMap, type SourceMapPayload } from "node:module";
import type ts from "typescript-cells";
import { COMMONJS, replaceImports } from "./commonjs.ts";
import { shareExports } from "./sharing.ts";
import { type EmittingChecker, type MappingPrinter, stock } from "./stock.ts";

/** A step of the way from a source to what runs: finds a place in the output of the step in its input. */
export interface Mapping {
	findEntry(
		line: number,
		column: number,
	): { originalLine: number; originalColumn: number } | object;
}

/** What the last call of {@link emitCell} left behind, for whoever asked tslab to convert. */
export const emitted: { map: Mapping | undefined; names: string[] } = {
	map: undefined,
	names: [],
};

/** Reads a source map, when somebody asks it for a place. */
export function mapping(text: () => string): Mapping {
	let map: SourceMap | undefined;
	return {
		findEntry(line, column) {
			map ??= new SourceMap(JSON.parse(text()) as SourceMapPayload);
			return map.findEntry(line, column);
		},
	};
}

/**
 * Emits the file of the cells, and nothing else: local modules are compiled when they are run. It comes out as what runs,
 * so that tslab's second step, from an ES module to CommonJS, has nothing to do any more.
 * tslab calls it with its own transformers, which have to come before the one that writes CommonJS.
 */
export function emitCell(
	program: ts.Program,
	file: ts.SourceFile,
	write: ts.WriteFileCallback,
	transformers: ts.CustomTransformers,
): void {
	if (!/\/__tslab__\.ts$/.test(file.fileName)) return;
	write(
		"outDir/__tslab__.d.ts",
		declarationsOf(program, file, transformers),
		false,
	);
	const checker = program.getTypeChecker() as EmittingChecker;
	const resolver = checker.getEmitResolver(file);
	const options = { ...program.getCompilerOptions(), module: COMMONJS };
	const host = Object.assign(Object.create(program), {
		getEmitModuleFormatOfFile: () => COMMONJS,
	});
	const { scriptTransformers } = stock.getTransformers(options);
	emitted.names = [];
	const transform = stock.transformNodes(
		resolver,
		host,
		stock.factory,
		options,
		[file],
		[
			copyStatements,
			...scriptTransformers.slice(0, -1),
			...(file.text.includes("import") ? [replaceImports] : []),
			expandShorthands(checker),
			...((transformers.after ?? []) as ts.TransformerFactory<ts.SourceFile>[]),
			...scriptTransformers.slice(-1),
			shareExports(emitted.names),
		],
		false,
	);
	const printer = stock.createPrinter(options, {
		hasGlobalName: resolver.hasGlobalName,
		onEmitNode: transform.emitNodeWithNotification,
		isEmitNotificationEnabled: transform.isEmitNotificationEnabled,
		substituteNode: transform.substituteNode,
	}) as MappingPrinter;
	const writer = stock.createTextWriter("\n");
	const map = stock.createSourceMapGenerator(host, "cell.js", "", "", {});
	printer.writeFile(transform.transformed[0], writer, map);
	transform.dispose();
	const places = map.toString(); // the text alone: the maps of two thousand cells are kept
	emitted.map = mapping(() => places);
	write("outDir/__tslab__.js", writer.getText(), false);
}

/** tslab changes the list of statements in place: it must not be the one that was parsed. */
const copyStatements: ts.TransformerFactory<ts.SourceFile> =
	({ factory }) =>
	(file) =>
		factory.updateSourceFile(file, [...file.statements]);

/** What later cells have to know of a cell. */
function declarationsOf(
	program: ts.Program,
	file: ts.SourceFile,
	transformers: ts.CustomTransformers,
): string {
	const { locals } = file as unknown as { locals?: Map<string, unknown> };
	const names = [...(locals?.keys() ?? [])];
	let declarations: string | undefined;
	const take = (_: string, text: string) => {
		declarations = text;
	};
	if (names.length) program.emit(file, take, undefined, true, transformers);
	// When a type cannot be written down (it is private to a package), the variables go on without one.
	return (
		declarations ?? names.map((name) => `declare let ${name}: any;\n`).join("")
	);
}

/** tslab writes `exports.a` for the `a` of an earlier cell, but leaves `{ a }` as it is: here it becomes `{ a: exports.a }`. */
function expandShorthands(
	checker: ts.TypeChecker,
): ts.TransformerFactory<ts.SourceFile> {
	const { factory } = stock;
	const isOfEarlierCell = (node: ts.Node) =>
		checker
			.getShorthandAssignmentValueSymbol(stock.getOriginalNode(node))
			?.declarations?.some((one) => {
				const { fileName } = one.getSourceFile();
				return /\/__prev__\.d\.ts$/.test(fileName);
			}) ?? false;
	return (context) => (file) => {
		const visit = (node: ts.Node): ts.Node => {
			if (!stock.isShorthandPropertyAssignment(node) || !isOfEarlierCell(node))
				return stock.visitEachChild(node, visit, context);
			const { name, objectAssignmentInitializer: otherwise } = node;
			const value = factory.createPropertyAccessExpression(
				factory.createIdentifier("exports"),
				name.text,
			);
			return factory.createPropertyAssignment(
				name.text,
				otherwise
					? factory.createAssignment(
							value,
							stock.visitNode(otherwise, visit) as ts.Expression,
						)
					: value,
			);
		};
		return stock.visitEachChild(file, visit, context);
	};
}
