import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type ts from "typescript-cells";

type Transformer = ts.TransformerFactory<ts.SourceFile>;

/** Parts of the compiler that its type declarations leave out. */
interface Internals {
	bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
	skipParentheses(node: ts.Expression): ts.Expression;
	isImportCall(node: ts.CallExpression): boolean;
	getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
	getContainerNode(node: ts.Node): ts.Node | undefined;
	getTransformers(options: ts.CompilerOptions): {
		scriptTransformers: Transformer[];
	};
	transformNodes(
		resolver: EmitResolver,
		host: object,
		factory: ts.NodeFactory,
		options: ts.CompilerOptions,
		files: ts.SourceFile[],
		transformers: Transformer[],
		allowDeclarations: boolean,
	): ts.TransformationResult<ts.SourceFile> & {
		emitNodeWithNotification: ts.PrintHandlers["onEmitNode"];
		isEmitNotificationEnabled: ts.PrintHandlers["isEmitNotificationEnabled"];
		substituteNode: ts.PrintHandlers["substituteNode"];
	};
	createTextWriter(newLine: string): { getText(): string };
	createSourceMapGenerator(
		host: object,
		file: string,
		root: string,
		directory: string,
		options: object,
	): { toString(): string };
	findPrecedingToken(
		position: number,
		file: ts.SourceFile,
	): ts.Node | undefined;
	SignatureHelp: {
		getSignatureHelpItems(
			program: ts.Program,
			file: ts.SourceFile,
			position: number,
			reason: ts.SignatureHelpTriggerReason,
			token: ts.CancellationToken & { throwIfCancellationRequested(): void },
		): ts.SignatureHelpItems | undefined;
	};
	SymbolDisplay: {
		getSymbolKind(
			checker: ts.TypeChecker,
			symbol: ts.Symbol,
			location: ts.Node,
		): ts.ScriptElementKind;
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

/** The part of a type checker that an emitter asks. */
export interface EmitResolver {
	hasGlobalName(name: string): boolean;
	isReferencedAliasDeclaration(node: ts.Node, children?: boolean): boolean;
}

/** A type checker with the part of it that emits. */
export type EmittingChecker = ts.TypeChecker & {
	getEmitResolver(file: ts.SourceFile): EmitResolver;
	getTypeOnlyAliasDeclaration(symbol: ts.Symbol): ts.Node | undefined;
};

/** A type checker with the part of it that looks names up. */
export type NamingChecker = ts.TypeChecker & {
	resolveName(
		name: string,
		location: ts.Node,
		meaning: ts.SymbolFlags,
		excludeGlobals: boolean,
	): ts.Symbol | undefined;
};

/** A type checker with the part of it that language services ask. */
export type AskingChecker = ts.TypeChecker & {
	getContextualTypeForArgumentAtIndex(
		call: ts.CallExpression | ts.NewExpression,
		index: number,
	): ts.Type | undefined;
};

/** A printer with the part of it that writes source maps. */
export type MappingPrinter = ts.Printer & {
	writeFile(file: ts.SourceFile, writer: object, map: object): void;
};

type Found = ts.ResolvedModuleWithFailedLookupLocations;

/** A program with its resolved imports. */
export type ResolvingProgram = ts.Program & {
	/** The resolved imports of each file. */
	resolvedModules?: Map<
		string,
		{ forEach(each: (found: Found, name: string) => void): void }
	>;
	getResolvedModule(
		file: ts.SourceFile,
		name: string,
		mode: ts.ResolutionMode,
	): Found | undefined;
};

const require = createRequire(import.meta.url);

/** The folder of the compiler as published, where the types of the language are. */
export const libraries = dirname(require.resolve("typescript-cells"));

/** The compiler with short names and without spaces, which .setup/bundle.mjs makes: it takes 14 MB less, and less time to load. */
const short = fileURLToPath(
	new URL("../../short/typescript.cjs", import.meta.url),
);

/** TypeScript 5.9: TypeScript 7 has no such interface inside a process. */
export const stock = require(
	existsSync(short) ? short : "typescript-cells",
) as typeof ts & Internals;
