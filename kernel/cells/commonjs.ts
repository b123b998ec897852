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
	map: Mapping;
	/** The module as it was parsed. */
	file: ts.SourceFile;
}

type Transform = ts.TransformerFactory<ts.SourceFile>;

function transpile(
	text: string,
	name: string,
	after: Transform[],
	sourceMap: boolean,
) {
	let parsed: ts.SourceFile | undefined;
	const keep: Transform = () => (file) => {
		parsed = file;
		return file;
	};
	const { outputText, sourceMapText } = stock.transpileModule(text, {
		// by its extension alone a file may be taken for a module already
		fileName: name.replace(/\.[cm](ts|js)$/, ".$1"),
		transformers: {
			before: /\bimport\s*[.(]/.test(text) ? [keep, replaceImports] : [keep],
			after,
		},
		compilerOptions: {
			module: stock.ModuleKind.CommonJS,
			target: stock.ScriptTarget.ES2024,
			esModuleInterop: true,
			jsx: stock.JsxEmit.React,
			newLine: stock.NewLineKind.LineFeed,
			sourceMap,
		},
	});
	return { outputText, sourceMapText, file: parsed as ts.SourceFile };
}

/** Where the parts of the output came from takes as long to write as the output: it is asked for only after an error. */
function toCommonJS(
	text: string,
	name: string,
	after: () => Transform[],
): CommonJS {
	const { outputText: code, file } = transpile(text, name, after(), false);
	const map = mapping(
		() => transpile(text, name, after(), true).sourceMapText ?? "",
	);
	return { code, map, file };
}

/** Compiles a local module by itself. */
export const moduleToCommonJS = (text: string, fileName: string): CommonJS =>
	toCommonJS(text, fileName, () => []);

/** Compiles a cell that has lost its types already; gives what it declares as well. */
export function cellToCommonJS(text: string): CommonJS & { names: string[] } {
	let names: string[] = [];
	const share = () => {
		names = [];
		return [shareExports(names)];
	};
	const made = toCommonJS(text, "cell.js", share);
	return { ...made, names };
}
