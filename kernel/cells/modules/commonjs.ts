import type ts from "typescript-cells";
import { type Edit, edited, positionsBefore } from "../compile/edits.ts";
import { projectOptions } from "../compile/project-config.ts";
import { type Mapping, mapping } from "../compile/source-map.ts";
import { stock } from "../compile/typescript.ts";
import { Linking } from "./commonjs-links.ts";
import { eraseTypes, NotErasable } from "./erase-types.ts";
import { AWAIT, AWAIT_EACH, guardAwait, guardAwaits } from "./guard-awaits.ts";

export const COMMONJS = stock.ModuleKind.CommonJS;

/** The parameters of the function that a local module becomes. */
export const PARAMETERS = [
	"exports",
	"require",
	"module",
	"__filename",
	"__dirname",
	"__importMeta",
	"__import",
	AWAIT,
	AWAIT_EACH,
];

/** `import.meta` and `import()` mean something in modules only: what runs is a function, which gets them as parameters. */
export const replaceImports: ts.TransformerFactory<ts.SourceFile> =
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

function transpile(text: string, name: string, sourceMap: boolean) {
	let parsed: ts.SourceFile | undefined;
	const keep: ts.TransformerFactory<ts.SourceFile> = () => (file) => {
		parsed = file;
		return file;
	};
	const { outputText, sourceMapText } = stock.transpileModule(text, {
		// by its extension alone a file may be taken for a module already
		fileName: name.replace(/\.[cm](ts|js)$/, ".$1"),
		transformers: {
			before: /\bimport\s*[.(]/.test(text)
				? [keep, replaceImports, guardAwaits]
				: [keep, guardAwaits],
		},
		compilerOptions: {
			...{ jsx: stock.JsxEmit.React, ...projectOptions(process.cwd()) },
			module: COMMONJS,
			target: stock.ScriptTarget.ES2024,
			esModuleInterop: true,
			newLine: stock.NewLineKind.LineFeed,
			sourceMap,
		},
	});
	return { outputText, sourceMapText, file: parsed as ts.SourceFile };
}

/** Compiles a local module by itself, with the compiler only where blanking its types is not enough. */
export function moduleToCommonJS(text: string, name: string): CommonJS {
	try {
		return withoutTypes(text, name);
	} catch (error) {
		if (!(error instanceof NotErasable)) throw error;
	}
	const { outputText: code, file } = transpile(text, name, false);
	// where the parts of the output came from takes as long to write as the output: it is asked for only after an error
	const map = mapping(() => transpile(text, name, true).sourceMapText ?? "");
	return { code, map, file };
}

/** The module with its types blanked and its imports and exports replaced. @throws NotErasable */
export function withoutTypes(text: string, name: string): CommonJS {
	if (/[\u0085\u200b]/.test(text))
		throw new NotErasable(
			"TypeScript takes for a space what JavaScript refuses",
		);
	const file = stock.createSourceFile(name, text, stock.ScriptTarget.ES2024);
	const edits: Edit[] = [];
	const linking = new Linking(file, edits);
	eraseTypes(file, edits, (node, parent) => {
		edits.push(...guardAwait(node, file));
		return linking.see(node, parent);
	});
	linking.end();
	const code = edited(text, edits);
	const map: Mapping = {
		findEntry: (line, column) =>
			positionsBefore(text, edits).findEntry(line, column),
	};
	return { code, map, file };
}
