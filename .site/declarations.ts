import {
	type Comment,
	type CommentPart,
	type Declaration,
	kinds,
	type Parameter,
	type Signature,
} from "./model.ts";
import { escaped } from "./page.ts";
import {
	nameOf,
	signatureHtml,
	typeHtml,
	typeParametersHtml,
	type Where,
} from "./types.ts";

/** Markdown to HTML. */
export type Render = (markdown: string) => string;

/** What is needed to write of a declaration. */
export interface Writing {
	where: Where;
	render: Render;
}

/** The text of a comment as Markdown, its links leading to where things are described. */
function markdown(parts: readonly CommentPart[], where: Where): string {
	return parts
		.map(({ kind, text, target }) => {
			if (kind !== "inline-tag") return text;
			const place = typeof target === "number" ? where(target) : undefined;
			return place === undefined ? `\`${text}\`` : `[\`${text}\`](${place})`;
		})
		.join("");
}

function textOf(comment: Comment | undefined, { where, render }: Writing) {
	return comment ? render(markdown(comment.summary, where)) : "";
}

/** The first sentence of what a comment says, for lists: as Markdown without links. */
export function firstSentence({ comment, signatures }: Declaration): string {
	const summary = (signatures?.[0]?.comment ?? comment)?.summary ?? [];
	const text = summary.map(({ text }) => text).join("");
	const [paragraph] = text.split(/\n\s*\n|\n```/);
	const ends = [...paragraph.matchAll(/[.?](?=\s|$)/g)].map(
		({ index }) => index + 1,
	);
	// "(Cho et al. 2014)" does not end in its brackets
	const end = ends.find((at) => {
		const before = paragraph.slice(0, at);
		return before.split("(").length === before.split(")").length;
	});
	return paragraph.slice(0, end).replace(/:$/, ".");
}

const tagged = (comment: Comment | undefined, wanted: string) =>
	(comment?.blockTags ?? []).filter(({ tag }) => tag === wanted);

/** What a function takes, gives back and throws, as far as its comment says. */
function termsOf({ parameters = [], comment }: Signature, writing: Writing) {
	const row = (term: string, text: string) =>
		`<dt>${term}</dt>\n<dd>${text}</dd>`;
	const said = (tag: string) =>
		tagged(comment, tag).map(({ content }) =>
			writing.render(markdown(content, writing.where)),
		);
	const rows = [
		...parameters
			.filter((one: Parameter) => one.comment)
			.map((one) =>
				row(
					`<code>${escaped(nameOf(one))}</code>`,
					textOf(one.comment, writing),
				),
			),
		...said("@returns").map((text) => row("Returns", text)),
		...said("@throws").map((text) => row("Throws", text)),
	];
	return rows.length === 0 ? "" : `<dl>\n${rows.join("\n")}\n</dl>`;
}

const signaturesHtml = (
	name: string,
	signatures: readonly Signature[],
	writing: Writing,
) =>
	signatures
		.map(
			(one) =>
				`<pre class="signature">${escaped(name)}${signatureHtml(one, writing.where)}</pre>
${textOf(one.comment, writing)}
${termsOf(one, writing)}`,
		)
		.join("\n");

/** The members of an interface or a class, or the properties of an object, each with what it is for. */
function membersHtml(members: readonly Declaration[], writing: Writing) {
	const rows = members
		.filter(({ name, kind }) => kind !== kinds.constructor && !name.startsWith("[")) // biome-ignore format: one line
		.map((member) => {
			const { name, flags, type, signatures, getSignature } = member;
			const optional = flags?.isOptional ? "?" : "";
			const heads = signatures?.map((one) => signatureHtml(one, writing.where)) ?? [`: ${typeHtml(type ?? getSignature?.type, writing.where)}`]; // biome-ignore format: one line
			const comment = member.comment ?? getSignature?.comment ?? signatures?.[0]?.comment; // biome-ignore format: one line
			const terms = signatures ? termsOf(signatures[0], writing) : "";
			return `<dt>${heads.map((head) => `<pre class="signature">${escaped(name)}${optional}${head}</pre>`).join("\n")}</dt>
<dd>${textOf(comment, writing)}${terms}</dd>`;
		});
	return rows.length === 0
		? ""
		: `<dl class="members">\n${rows.join("\n")}\n</dl>`;
}

/** What follows the name of a type or a constant: its declaration, its text, its members. */
function bodyOf(declaration: Declaration, writing: Writing): string {
	const { name, kind, type, children, extendedTypes, signatures } = declaration;
	const { where } = writing;
	const text = textOf(declaration.comment, writing);
	const generic = typeParametersHtml(declaration.typeParameters, where);
	const line = (code: string) => `<pre class="signature">${code}</pre>`;
	switch (kind) {
		case kinds.function:
			return signaturesHtml(name, signatures ?? [], writing);
		case kinds.class:
		case kinds.interface: {
			const word = kind === kinds.class ? "class" : "interface";
			const base = extendedTypes?.length
				? ` extends ${extendedTypes.map((one) => typeHtml(one, where)).join(", ")}`
				: "";
			const calls = signatures ? signaturesHtml("", signatures, writing) : "";
			return `${line(`${word} ${escaped(name)}${generic}${base}`)}\n${text}\n${calls}${membersHtml(children ?? [], writing)}`;
		}
		case kinds.type: {
			// an object's members have texts of their own
			const members =
				type?.type === "reflection" && !type.declaration.signatures
					? (type.declaration.children ?? [])
					: [];
			const shown = members.length > 0 ? "{ … }" : typeHtml(type, where);
			return `${line(`type ${escaped(name)}${generic} = ${shown}`)}\n${text}\n${membersHtml(members, writing)}`;
		}
		default: {
			const members =
				type?.type === "reflection" ? (type.declaration.children ?? []) : [];
			const shown = members.length > 0 ? "{ … }" : typeHtml(type, where);
			return `${line(`const ${escaped(name)}: ${shown}`)}\n${text}\n${membersHtml(members, writing)}`;
		}
	}
}

/** All that a page says of one exported name. */
export const declarationHtml = (declaration: Declaration, writing: Writing) =>
	`<section class="declaration" id="${declaration.name}">
<h3><a href="#${declaration.name}">${escaped(declaration.name)}</a></h3>
${bodyOf(declaration, writing)}
</section>`;
