import type ts from "typescript-cells";
import { type Mapping, mapping } from "./emit.ts";
import { shareExports } from "./sharing.ts";
import { stock } from "./stock.ts";

/** The parameters of the function that a cell or a local module becomes. */
export const PARAMETERS = [
	"exports",
	"require",
	"module",
	"__filename",
	"__dirname",
	"__importMeta",
	"__import",
];

/** `import.meta` and `import()` mean something in modules only: what runs is a function, which gets them as parameters. */
const replaceImports: ts.TransformerFactory<ts.SourceFile> =
	(context) => (file) => {
		const { factory } = context;
		const { ImportKeyword } = stock.SyntaxKind;
		const visit = (node: ts.Node): ts.Node => {
			if (stock.isMetaProperty(node) && node.keywordToken === ImportKeyword)
				return factory.createIdentifier("__importMeta");
			if (
				stock.isCallExpression(node) &&
				node.expression.kind === ImportKeyword
			) {
				const call = factory.createIdentifier("__import");
				const id =
					node.arguments[0] && stock.visitNode(node.arguments[0], visit);
				return factory.createCallExpression(call, undefined, [
					id as ts.Expression,
				]);
			}
			return stock.visitEachChild(node, visit, context);
		};
		return stock.visitNode(file, visit) as ts.SourceFile;
	};

/** A module as the body of a function with {@link PARAMETERS}, and where its parts came from. */
export interface CommonJS {
	code: string;
	map: Mapping | undefined;
}

function transpile(
	text: string,
	fileName: string,
	after: ts.TransformerFactory<ts.SourceFile>[],
): CommonJS {
	const { outputText, sourceMapText } = stock.transpileModule(text, {
		// by its extension alone a file may be taken for a module already
		fileName: fileName.replace(/\.[cm](ts|js)$/, ".$1"),
		transformers: {
			before: /\bimport\s*[.(]/.test(text) ? [replaceImports] : [],
			after,
		},
		compilerOptions: {
			module: stock.ModuleKind.CommonJS,
			target: stock.ScriptTarget.ES2024,
			esModuleInterop: true,
			jsx: stock.JsxEmit.React,
			newLine: stock.NewLineKind.LineFeed,
			sourceMap: true,
		},
	});
	const code = outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
	return { code, map: sourceMapText ? mapping(sourceMapText) : undefined };
}

/** Compiles a local module by itself. */
export const moduleToCommonJS = (text: string, fileName: string): CommonJS =>
	transpile(text, fileName, []);

/** Compiles a cell that has lost its types already; `names` receives what it declares. */
export const cellToCommonJS = (text: string, names: string[]): CommonJS =>
	transpile(text, "cell.js", [shareExports(names)]);
