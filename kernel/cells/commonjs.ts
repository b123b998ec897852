import type ts from "typescript-cells";
import { type Mapping, mapping } from "./emit.ts";
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

/** Turns the text of one module into a CommonJS function body, and says where its parts came from. */
export function toCommonJS(
	text: string,
	fileName: string,
): { code: string; map: Mapping | undefined } {
	const { outputText, sourceMapText } = stock.transpileModule(text, {
		// by its extension alone a file may be taken for a module already
		fileName: fileName.replace(/\.[cm](ts|js)$/, ".$1"),
		transformers: /\bimport\s*[.(]/.test(text)
			? { before: [replaceImports] }
			: undefined,
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
