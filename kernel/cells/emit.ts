import { SourceMap, type SourceMapPayload } from "node:module";
import type ts from "typescript-cells";
import { stock } from "./stock.ts";

/** A step of the way from a source to what runs: finds a place in the output of the step in its input. */
export interface Mapping {
	findEntry(
		line: number,
		column: number,
	): { originalLine: number; originalColumn: number } | object;
}

/** What the last call of {@link emitCell} and the step to CommonJS left behind, for whoever asked tslab to convert. */
export const emitted: { maps: Mapping[]; names: string[] } = {
	maps: [],
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
 * Emits the file of the cells, and nothing else: local modules are compiled when they are run.
 * tslab calls it with its own transformers; the source map stays here, since tslab would drop it.
 */
export function emitCell(
	program: ts.Program,
	file: ts.SourceFile,
	write: ts.WriteFileCallback,
	transformers: ts.CustomTransformers,
): void {
	if (!/\/__tslab__\.ts$/.test(file.fileName)) return;
	let declared = false;
	const place = (name: string) => name.replace(/^.*\//, "outDir/");
	program.emit(
		file,
		(name, text) => {
			if (name.endsWith(".map")) emitted.maps = [mapping(() => text)];
			else
				write(
					place(name),
					text.replace(/\n\/\/# sourceMappingURL=.*$/, "\n"),
					false,
				);
			if (name.endsWith(".d.ts")) declared = true;
		},
		undefined,
		false,
		{
			...transformers,
			after: [
				expandShorthands(program.getTypeChecker()),
				...(transformers.after ?? []),
			],
		},
	);
	if (!declared) write("outDir/__tslab__.d.ts", declareAsAny(file), false);
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

/** When a type cannot be written down (it is private to a package), its variables go on without one. */
function declareAsAny(file: ts.SourceFile): string {
	const { locals } = file as unknown as { locals?: Map<string, unknown> };
	return [...(locals?.keys() ?? [])]
		.map((name) => `declare let ${name}: any;\n`)
		.join("");
}
