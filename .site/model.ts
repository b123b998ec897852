/** The part of TypeDoc's JSON that the pages of the API use: https://typedoc.org/api/modules/JSONOutput.html */

/** What a declaration is, by TypeDoc's numbers. */
export const kinds = {
	module: 2,
	variable: 32,
	function: 64,
	class: 128,
	interface: 256,
	constructor: 512,
	property: 1024,
	method: 2048,
	accessor: 262144,
	type: 2097152,
	/** A name that is exported a second time, from another entry. */
	reference: 4194304,
};

export interface Comment {
	summary: CommentPart[];
	blockTags?: { tag: string; content: CommentPart[] }[];
}

export interface CommentPart {
	kind: "text" | "code" | "inline-tag" | "relative-link";
	text: string;
	/** Of a `{@link …}`: the id of a declaration, where it is one of these. */
	target?: number | object;
}

export interface Declaration {
	id: number;
	name: string;
	kind: number;
	flags?: { isOptional?: boolean; isRest?: boolean; isReadonly?: boolean };
	comment?: Comment;
	children?: Declaration[];
	signatures?: Signature[];
	getSignature?: Signature;
	indexSignatures?: Signature[];
	typeParameters?: TypeParameter[];
	type?: Type;
	extendedTypes?: Type[];
	/** Of a reference: the id of what it is. */
	target?: number;
	sources?: { fileName: string }[];
}

export interface Signature {
	name: string;
	comment?: Comment;
	typeParameters?: TypeParameter[];
	parameters?: Parameter[];
	type?: Type;
}

export interface TypeParameter {
	name: string;
	type?: Type;
	default?: Type;
}

export interface Parameter {
	name: string;
	flags?: { isOptional?: boolean; isRest?: boolean };
	comment?: Comment;
	type?: Type;
	defaultValue?: string;
}

export type Type =
	| { type: "intrinsic" | "unknown"; name: string }
	| { type: "literal"; value: unknown }
	| {
			type: "reference";
			name: string;
			target: number | object;
			typeArguments?: Type[];
	  }
	| { type: "array" | "rest" | "optional"; elementType: Type }
	| { type: "union" | "intersection"; types: Type[] }
	| { type: "tuple"; elements?: Type[] }
	| {
			type: "namedTupleMember";
			name: string;
			isOptional: boolean;
			element: Type;
	  }
	| { type: "typeOperator"; operator: string; target: Type }
	| { type: "query"; queryType: Type }
	| { type: "indexedAccess"; objectType: Type; indexType: Type }
	| { type: "predicate"; name: string; asserts: boolean; targetType?: Type }
	| { type: "templateLiteral"; head: string; tail: [Type, string][] }
	| { type: "inferred"; name: string }
	| {
			type: "conditional";
			checkType: Type;
			extendsType: Type;
			trueType: Type;
			falseType: Type;
	  }
	| {
			type: "mapped";
			parameter: string;
			parameterType: Type;
			templateType: Type;
			readonlyModifier?: "+" | "-";
			optionalModifier?: "+" | "-";
	  }
	| { type: "reflection"; declaration: Declaration };
