import { createRequire } from "node:module";
import type ts from "typescript-cells";

/** Parts of the compiler that its type declarations leave out. */
interface Internals {
	nullTransformationContext: ts.TransformationContext;
	bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
	getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
	getContainerNode(node: ts.Node): ts.Node | undefined;
	SymbolDisplay: {
		getSymbolDisplayPartsDocumentationAndSymbolKind(
			checker: ts.TypeChecker,
			symbol: ts.Symbol,
			file: ts.SourceFile,
			container: ts.Node | undefined,
			location: ts.Node,
		): {
			displayParts: ts.SymbolDisplayPart[];
			documentation: ts.SymbolDisplayPart[];
			symbolKind: ts.ScriptElementKind;
			tags: ts.JSDocTagInfo[] | undefined;
		};
	};
	Completions: {
		getCompletionsAtPosition(...args: unknown[]): ts.CompletionInfo | undefined;
	};
}

/** TypeScript 5.9 as published: TypeScript 7 has no such interface inside a process. */
export const stock = createRequire(import.meta.url)(
	"typescript-cells",
) as typeof ts & Internals;
