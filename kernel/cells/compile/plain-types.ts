import type ts from "typescript-cells";
import { setExternalModuleIndicator } from "./source-files.ts";
import { stock } from "./typescript.ts";

const { TypeFlags: Flags, ObjectFlags, SymbolFlags } = stock;

/** Types whose text means the same in every file. */
const SIMPLE =
	Flags.Any |
	Flags.Unknown |
	Flags.String |
	Flags.Number |
	Flags.Boolean |
	Flags.BigInt |
	Flags.ESSymbol |
	Flags.StringLiteral |
	Flags.NumberLiteral |
	Flags.BooleanLiteral |
	Flags.BigIntLiteral |
	Flags.Undefined |
	Flags.Null |
	Flags.Void |
	Flags.Never;

/** How deep a type may be. */
const DEPTH = 4;
/** How long its text may be. */
const LENGTH = 500;

/**
 * The variables of a cell whose types need no other declaration (numbers, strings, lists and objects of them, types of the
 * language), declared by those types alone: later cells then need neither the cell nor the cells that it used.
 */
export function plainVariables(
	cell: ts.SourceFile,
	program: ts.Program,
): Map<string, ts.Symbol> {
	const checker = program.getTypeChecker();
	const lines: string[] = [];
	const { locals } = cell as unknown as { locals: Map<string, ts.Symbol> };
	for (const symbol of locals.values()) {
		const { flags, declarations = [], name } = symbol;
		const [declaration] = declarations;
		if (flags & ~SymbolFlags.Variable || declarations.length !== 1) continue;
		if (stock.getJSDocCommentsAndTags(declaration).length) continue;
		const type = checker.getTypeOfSymbol(symbol);
		if (!isPlain(type, program, checker, DEPTH)) continue;
		const text = checker.typeToString(
			type,
			undefined,
			stock.TypeFormatFlags.NoTruncation,
		);
		if (text.length > LENGTH) continue;
		const isConst =
			stock.getCombinedNodeFlags(declaration) & stock.NodeFlags.Const;
		lines.push(`declare ${isConst ? "const" : "let"} ${name}: ${text};`);
	}
	if (!lines.length) return new Map();
	const file = stock.createSourceFile(
		cell.fileName.replace(/tsx?$/, "kept.ts"),
		lines.join("\n"),
		{ languageVersion: cell.languageVersion, setExternalModuleIndicator },
	);
	stock.bindSourceFile(file, {});
	return (file as unknown as { locals: Map<string, ts.Symbol> }).locals;
}

function isPlain(
	type: ts.Type,
	program: ts.Program,
	checker: ts.TypeChecker,
	depth: number,
): boolean {
	if (depth === 0 || type.aliasSymbol || type.flags & Flags.EnumLike)
		return false;
	if (type.flags & SIMPLE) return true;
	const all = (types: readonly ts.Type[]) =>
		types.every((each) => isPlain(each, program, checker, depth - 1));
	if (type.isUnion()) return all(type.types);
	if (!(type.flags & Flags.Object)) return false;
	const { objectFlags } = type as ts.ObjectType;
	if (objectFlags & ObjectFlags.Reference)
		if (checker.isTupleType(type) || isOfLanguage(type, program))
			return all(checker.getTypeArguments(type as ts.TypeReference));
	if (objectFlags & ObjectFlags.ClassOrInterface)
		return isOfLanguage(type, program);
	if (!(objectFlags & ObjectFlags.Anonymous)) return false;
	if (
		!(
			type.symbol?.flags &
			(SymbolFlags.ObjectLiteral | SymbolFlags.TypeLiteral)
		)
	)
		return false;
	const { Call, Construct } = stock.SignatureKind;
	return (
		!checker.getSignaturesOfType(type, Call).length &&
		!checker.getSignaturesOfType(type, Construct).length &&
		!checker.getIndexInfosOfType(type).length &&
		all(type.getProperties().map((each) => checker.getTypeOfSymbol(each)))
	);
}

/** Whether a type is declared by the language alone. */
const isOfLanguage = ({ symbol }: ts.Type, program: ts.Program): boolean =>
	symbol?.declarations?.every((each) =>
		program.isSourceFileDefaultLibrary(each.getSourceFile()),
	) ?? false;
