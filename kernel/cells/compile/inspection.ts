import type ts from "typescript-cells";
import type { Looked } from "./completion.ts";
import { readDocs } from "./doc-comments.ts";
import { type AskingChecker, stock } from "./typescript.ts";

/** The description of a name, or of an unfinished call. */
export interface Inspection {
	declaration: string;
	/** Its documentation, in Markdown. */
	about: string;
}

const join = (parts: readonly { text: string }[] | undefined): string =>
	(parts ?? []).map(({ text }) => text).join("");

const tagged = (tags: readonly ts.JSDocTagInfo[] | undefined): string =>
	(tags ?? []).map((tag) => `\n\n*@${tag.name}* ${join(tag.text)}`).join("");

/** A comment as Markdown: indented paragraphs, such as equations, stay as they are. */
function markdownOf(parts: readonly { text: string }[] | undefined): string {
	const text = join(parts);
	if (text.includes("```")) return text;
	const isSetIn = (paragraph: string) =>
		/^ {2,}(?![-*\d])/.test(paragraph) && !/^\S/m.test(paragraph);
	return text
		.split("\n\n")
		.map((each) => (isSetIn(each) ? `\`\`\`text\n${each}\n\`\`\`` : each))
		.join("\n\n");
}

/** Describes the name at a position in code; between and after the parentheses of a call, the function that is called. */
export function inspectionAt(
	looked: Looked,
	position: number,
): Inspection | undefined {
	const { file, from } = looked;
	const at = from + position;
	const before = stock.findPrecedingToken(at, file);
	const call = before && callAround(before, at);
	return (
		nameAt(looked, at) ??
		callAt(looked, at, call) ??
		(call && nameAt(looked, call.expression.end))
	);
}

/** The call around a position, or the one that ends just before it. */
function callAround(before: ts.Node, at: number): Call | undefined {
	const isCall = (node: ts.Node): node is Call =>
		stock.isCallExpression(node) || stock.isNewExpression(node);
	for (let node = before; node.parent; node = node.parent) {
		if (stock.isBlock(node)) return undefined;
		if (isCall(node) && node.expression.end < at) return node;
	}
	return undefined;
}

type Call = ts.CallExpression | ts.NewExpression;

function nameAt({ program, file }: Looked, at: number): Inspection | undefined {
	const checker = program.getTypeChecker();
	const node = stock.getTouchingPropertyName(file, at);
	const symbol = node === file ? undefined : checker.getSymbolAtLocation(node);
	if (!symbol) return undefined;
	readDocs(symbol, checker);
	const { displayParts, documentation, tags } =
		stock.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
			checker,
			symbol,
			file,
			stock.getContainerNode(node),
			node,
		);
	return {
		declaration: join(displayParts),
		about: markdownOf(documentation) + tagged(tags),
	};
}

const uncancelled = {
	isCancellationRequested: () => false,
	throwIfCancellationRequested() {},
};

/** How many signatures of a function are shown. */
const MOST = 5;

/** The signatures of the function whose arguments are being written, the one that fits first. */
function callAt(
	{ program, file }: Looked,
	at: number,
	call: Call | undefined,
): Inspection | undefined {
	const checker = program.getTypeChecker() as AskingChecker;
	const name = call && nameOf(call.expression);
	const symbol = name && checker.getSymbolAtLocation(name);
	if (symbol) readDocs(symbol, checker); // before the signatures do: they keep what they find
	const help = stock.SignatureHelp.getSignatureHelpItems(
		program,
		file,
		at,
		{ kind: "invoked" },
		uncancelled,
	);
	if (!help) return undefined;
	const { items, selectedItemIndex, argumentIndex } = help;
	const chosen = items[selectedItemIndex];
	const others = items.filter((each) => each !== chosen);
	const lines = [chosen, ...others].slice(0, MOST).map(signatureText);
	if (items.length > MOST) lines.push(`// … and ${items.length - MOST} more`);
	const last = chosen.parameters.length - 1;
	const parameter = chosen.parameters[Math.min(argumentIndex, last)];
	const type =
		call && checker.getContextualTypeForArgumentAtIndex(call, argumentIndex);
	const now = parameter
		? [
				`**${parameter.name}** ${join(parameter.documentation)}`.trim(),
				...(type ? optionsOf(type, checker, file) : []),
			]
		: [];
	return {
		declaration: lines.join("\n"),
		about: [
			...now,
			markdownOf(chosen.documentation) + tagged(chosen.tags),
		].join("\n\n"),
	};
}

/** The options of a parameter that is an object of options. */
function optionsOf(
	type: ts.Type,
	checker: ts.TypeChecker,
	file: ts.SourceFile,
): string[] {
	const { declarations = [] } = type.aliasSymbol ?? type.symbol ?? {};
	const isOwn = declarations.some((each) => !isLibrary(each.getSourceFile()));
	const options = type.isUnion() ? [] : type.getProperties();
	const isMethod = ({ flags }: ts.Symbol) => flags & stock.SymbolFlags.Method;
	if (!isOwn || options.length > OPTIONS || options.some(isMethod)) return [];
	for (const option of options) readDocs(option, checker);
	const lines = options.map((option) => {
		const optional = option.flags & stock.SymbolFlags.Optional ? "?" : "";
		const of = checker.typeToString(
			checker.getTypeOfSymbolAtLocation(option, file),
		);
		const about = join(option.getDocumentationComment(checker)).replaceAll(
			"\n",
			" ",
		);
		return `- \`${option.name}${optional}: ${of}\` ${about}`.trim();
	});
	return lines.length ? [lines.join("\n")] : [];
}

/** How many options are shown. */
const OPTIONS = 20;

const isLibrary = ({ fileName }: ts.SourceFile): boolean =>
	/\/lib\.[\w.]+\.d\.ts$/.test(fileName);

/** The name of what is called. */
function nameOf(called: ts.Node): ts.Node {
	return stock.isPropertyAccessExpression(called) ? called.name : called;
}

const signatureText = (item: ts.SignatureHelpItem): string =>
	join(item.prefixDisplayParts) +
	item.parameters
		.map(({ displayParts }) => join(displayParts))
		.join(join(item.separatorDisplayParts)) +
	join(item.suffixDisplayParts);
