import type { Parameter, Signature, Type, TypeParameter } from "./model.ts";
import { escaped } from "./page.ts";

/** Where the declaration with an id is described: "api-unrolled-cells.html#gru"; undefined where nowhere. */
export type Where = (id: number) => string | undefined;

/** A type as TypeScript writes it, in HTML: names that are described somewhere lead there. */
export function typeHtml(type: Type | undefined, where: Where): string {
	if (type === undefined) return "any";
	const html = (inner: Type | undefined) => typeHtml(inner, where);
	const list = (types: readonly Type[] | undefined, separator = ", ") =>
		(types ?? []).map(html).join(separator);
	switch (type.type) {
		case "literal":
			return escaped(
				typeof type.value === "object" && type.value !== null
					? `${(type.value as { value: string }).value}n` // a bigint
					: JSON.stringify(type.value),
			);
		case "reference": {
			const place =
				typeof type.target === "number" ? where(type.target) : undefined;
			const name = escaped(type.name);
			const linked =
				place === undefined ? name : `<a href="${place}">${name}</a>`;
			return type.typeArguments
				? `${linked}&lt;${list(type.typeArguments)}&gt;`
				: linked;
		}
		case "array":
			return `${inBrackets(type.elementType, where)}[]`;
		case "rest":
			return `...${html(type.elementType)}`;
		case "optional":
			return `${html(type.elementType)}?`;
		case "union":
			return type.types
				.map((one) => (isFunction(one) ? `(${html(one)})` : html(one)))
				.join(" | ");
		case "intersection":
			return type.types.map((one) => inBrackets(one, where)).join(" &amp; ");
		case "tuple":
			return `[${list(type.elements)}]`;
		case "namedTupleMember":
			return `${escaped(type.name)}${type.isOptional ? "?" : ""}: ${html(type.element)}`;
		case "typeOperator":
			return `${type.operator} ${inBrackets(type.target, where)}`;
		case "query":
			return `typeof ${html(type.queryType)}`;
		case "indexedAccess":
			return `${inBrackets(type.objectType, where)}[${html(type.indexType)}]`;
		case "predicate":
			return [
				type.asserts ? "asserts " : "",
				escaped(type.name),
				type.targetType ? ` is ${html(type.targetType)}` : "",
			].join("");
		case "templateLiteral":
			return `\`${escaped(type.head)}${type.tail.map(([inner, text]) => `\${${html(inner)}}${escaped(text)}`).join("")}\``;
		case "inferred":
			return `infer ${escaped(type.name)}`;
		case "conditional":
			return `${html(type.checkType)} extends ${html(type.extendsType)} ? ${html(type.trueType)} : ${html(type.falseType)}`;
		case "mapped": {
			const before = type.readonlyModifier === "+" ? "readonly " : "";
			const after = type.optionalModifier === "+" ? "?" : "";
			return `{ ${before}[${escaped(type.parameter)} in ${html(type.parameterType)}]${after}: ${html(type.templateType)} }`;
		}
		case "reflection":
			return objectHtml(type.declaration, where);
		default:
			return escaped(type.name);
	}
}

const isFunction = (type: Type) =>
	type.type === "reflection" && type.declaration.signatures !== undefined;

/** In brackets where what stands beside it would otherwise take a part of it. */
function inBrackets(type: Type, where: Where): string {
	const loose =
		["union", "intersection", "conditional", "typeOperator"].includes(
			type.type,
		) || isFunction(type);
	return loose ? `(${typeHtml(type, where)})` : typeHtml(type, where);
}

/** A type without a name: a function's, `(x: Tensor) => Tensor`, or an object's, `{ h: Tensor; c?: Tensor }`. */
function objectHtml(
	{ signatures, children = [], indexSignatures = [] }: Inside,
	where: Where,
): string {
	if (signatures?.length === 1 && children.length === 0)
		return signatureHtml(signatures[0], where, " =&gt; ");
	const members = [
		...(signatures ?? []).map((one) => signatureHtml(one, where)),
		...children.map(
			({ name, flags, signatures, type }) =>
				`${flags?.isReadonly ? "readonly " : ""}${escaped(name)}${flags?.isOptional ? "?" : ""}` +
				(signatures
					? signatureHtml(signatures[0], where)
					: `: ${typeHtml(type, where)}`),
		),
		...indexSignatures.map(
			({ parameters = [], type }) =>
				`[${parameters.map((one) => parameterHtml(one, where)).join(", ")}]: ${typeHtml(type, where)}`,
		),
	];
	return members.length === 0 ? "{}" : `{ ${members.join("; ")} }`;
}
type Inside = Extract<Type, { type: "reflection" }>["declaration"];

/** An argument that is taken apart where the function begins has no name of its own. */
export const nameOf = ({ name }: Parameter) =>
	name.startsWith("__") ? "options" : name;

function parameterHtml(parameter: Parameter, where: Where): string {
	const { flags, defaultValue, type } = parameter;
	const optional = flags?.isOptional || defaultValue !== undefined;
	return `${flags?.isRest ? "..." : ""}${escaped(nameOf(parameter))}${optional ? "?" : ""}: ${typeHtml(type, where)}`;
}

export const typeParametersHtml = (
	parameters: readonly TypeParameter[] | undefined,
	where: Where,
) =>
	parameters
		? `&lt;${parameters
				.map(
					(one) =>
						escaped(one.name) +
						(one.type ? ` extends ${typeHtml(one.type, where)}` : "") +
						(one.default ? ` = ${typeHtml(one.default, where)}` : ""),
				)
				.join(", ")}&gt;`
		: "";

const widest = 88;
const shown = (html: string) => html.replaceAll(/<[^>]*>/g, "").length;

/** `(x: Tensor, axis?: number): Tensor`; a long one has a line for each argument. */
export function signatureHtml(
	{ typeParameters, parameters = [], type }: Signature,
	where: Where,
	before = ": ",
): string {
	const given = parameters.map((one) => parameterHtml(one, where));
	const generic = typeParametersHtml(typeParameters, where);
	const result = before + typeHtml(type, where);
	const line = `${generic}(${given.join(", ")})${result}`;
	if (shown(line) <= widest || before !== ": ") return line;
	return `${generic}(\n${given.map((one) => `  ${one},\n`).join("")})${result}`;
}
