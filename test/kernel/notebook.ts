/**
 * Random notebooks, and a model of what their cells must answer: a name is one variable, its last assignment wins.
 * The model knows no scopes and no compiler: a map from names to variables, and functions that look into it.
 */
import fc from "fast-check";

type Literal = number | string;
/** What a function does whenever it is called. */
type Body =
	| { does: "read"; names: string[] }
	| { does: "write"; name: string; value: Literal }
	| { does: "call"; name: string };

/** A statement of a cell. */
export type Step =
	| {
			step: "let" | "const" | "var" | "pattern" | "loop";
			name: string;
			value: Literal;
	  }
	| { step: "function" | "arrow" | "held"; name: string; body: Body }
	| { step: "class" | "enum" | "namespace"; name: string; value: number }
	| { step: "import" | "import all" | "import grow"; name: string }
	| { step: "assign"; name: string; value: Literal }
	| { step: "call" | "new" | "member"; name: string }
	| { step: "wait" | "throw" | "interrupt" | "wrong" };

/** What a person does next: runs a cell, whose last line reads some names, or an earlier one again; edits a module; asks. */
export type Action =
	| { steps: Step[]; reads: string[]; careless: boolean }
	| { again: number }
	| { module: number }
	| { completes: string }
	| { inspects: string };

/** What a cell answers: the value of its last line, or the name of its error. */
export type Answer = { value: unknown } | { error: string };

const name = fc.constantFrom("a", "b", "c", "__d");
const number = fc.integer({ min: 0, max: 99 });
const value = fc.oneof(number, fc.constantFrom("x", "y", "z"));
const body: fc.Arbitrary<Body> = fc.oneof(
	fc.record({
		does: fc.constant("read" as const),
		names: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }),
	}),
	fc.record({ does: fc.constant("write" as const), name, value }),
	fc.record({ does: fc.constant("call" as const), name }),
);
const of = <S extends string>(...steps: S[]) => fc.constantFrom(...steps);
const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			step: of("let", "const", "var", "pattern", "loop"),
			name,
			value,
		}),
	},
	{
		weight: 5,
		arbitrary: fc.record({ step: of("function", "arrow", "held"), name, body }),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			step: of("class", "enum", "namespace"),
			name,
			value: number,
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			step: of("import", "import all", "import grow"),
			name,
		}),
	},
	{ weight: 4, arbitrary: fc.record({ step: of("assign"), name, value }) },
	{
		weight: 6,
		arbitrary: fc.record({ step: of("call", "call", "new", "member"), name }),
	},
	{
		weight: 2,
		arbitrary: fc.record({ step: of("wait", "throw", "interrupt", "wrong") }),
	},
);
const cell = fc.record({
	steps: fc.array(step, { minLength: 1, maxLength: 4 }).map(sensible),
	reads: fc.uniqueArray(name, { maxLength: 3 }),
	careless: fc.nat(9).map((chance) => chance === 0),
});

const module = fc.record({ module: number });
const actions = fc.array(
	fc.oneof(
		{ weight: 10, arbitrary: cell },
		{ weight: 3, arbitrary: fc.record({ again: fc.nat(9) }) },
		{ weight: 1, arbitrary: module },
		{ weight: 1, arbitrary: fc.record({ completes: name }) },
		{ weight: 1, arbitrary: fc.record({ inspects: name }) },
	),
	{ minLength: 4, maxLength: 12 },
);

/** A notebook as a person runs it; half of them begin with a module to import. */
export const notebook: fc.Arbitrary<Action[]> = fc
	.tuple(fc.array(module, { maxLength: 1 }), actions)
	.map((parts) => parts.flat());

const isDeclaration = (each: Step): boolean =>
	![
		"assign",
		"call",
		"new",
		"member",
		"wait",
		"throw",
		"interrupt",
		"wrong",
	].includes(each.step);

/** A cell declares a name once, and nothing before it but a function uses it. */
function sensible(steps: Step[]): Step[] {
	const declared = new Set<string>();
	return steps.filter((each, at) => {
		if (!("name" in each)) return true;
		if (isDeclaration(each)) {
			if (declared.has(each.name)) return false;
			declared.add(each.name);
			return true;
		}
		return !steps
			.slice(at)
			.some(
				(later) =>
					isDeclaration(later) && "name" in later && later.name === each.name,
			);
	});
}

/** The code of a cell. Names end in a number, so that many notebooks can be run in one engine. */
export function codeOf(steps: Step[], reads: string[], end: string): string {
	const n = (each: string) => each + end;
	const doing = (body: Body): string => {
		if (body.does === "read")
			return `[${body.names.map((each) => `show(${n(each)})`)}]`;
		if (body.does === "call") return `${n(body.name)}()`;
		return `void (${n(body.name)} = ${JSON.stringify(body.value)})`;
	};
	const line = (each: Step): string => {
		switch (each.step) {
			case "let":
			case "const":
			case "var":
				return `${each.step} ${n(each.name)}: ${typeof each.value} = ${JSON.stringify(each.value)};`;
			case "pattern":
				return `const { k: [${n(each.name)}] }: { k: ${typeof each.value}[] } = { k: [${JSON.stringify(each.value)}] };`;
			case "loop":
				return `let ${n(each.name)}: ${typeof each.value};\nfor (${n(each.name)} of [${JSON.stringify(each.value)}]);`;
			case "function":
				return `function ${n(each.name)}(): any { return ${doing(each.body)} }`;
			case "arrow":
				return `const ${n(each.name)} = (): any => ${doing(each.body)};`;
			case "held":
				return `let ${n(each.name)} = function (): any { return ${doing(each.body)} };`;
			case "class":
				return `class ${n(each.name)} { P = ${each.value} }`;
			case "enum":
				return `enum ${n(each.name)} { Q, P = ${each.value}, R = ${n(each.name)}.P }`;
			case "namespace":
				return `namespace ${n(each.name)} { export const P: number = ${each.value} }`;
			case "import":
				return `import { P as ${n(each.name)} } from "./model${end}";`;
			case "import all":
				return `import * as ${n(each.name)} from "./model${end}";`;
			case "import grow":
				return `import { grow as ${n(each.name)} } from "./model${end}";`;
			case "assign":
				return `${n(each.name)} = ${JSON.stringify(each.value)};`;
			case "call":
				return `${n(each.name)}();`;
			case "new":
				return `new ${n(each.name)}().P;`;
			case "member":
				return `${n(each.name)}.P;`;
			case "wait":
				return "await new Promise(setImmediate);";
			case "throw":
				return 'if (show(true)) throw new Error("half");';
			case "interrupt":
				return "await new Promise(() => interrupt());";
			case "wrong":
				return 'const wrong: number = "text";';
		}
	};
	const last = `[${reads.map((each) => `show(${n(each)})`)}]`;
	return [...steps.map(line), last].join("\n");
}

/** The module that cells of a notebook import. */
export const moduleCode = (value: number, end: string): string =>
	`/** @module model${end} */\nexport let P: number = ${value};\nexport function grow() { return P++ }`;

/** What a name is to the type checker. */
export type Type = "number" | "string" | "function" | "class" | "group";
type Types = Map<string, { type: Type; fixed: boolean }>;
interface Instance {
	P: number;
}
type Held =
	| Literal
	| { call: () => unknown; constructs: boolean }
	| { class: number }
	| { group: Instance }
	| undefined;
interface Variable {
	/** How to read it; nothing before its line has run. */
	get: (() => Held) | undefined;
}

class Failure extends Error {}
const fail = (name: string): never => {
	throw new Failure(name);
};

/** What the cells of one notebook must answer. */
export class Model {
	#types: Types = new Map();
	readonly #variables = new Map<string, Variable>();
	#module: { value: number; instance: Instance | undefined } | undefined;
	#depth = 0;

	/** A module is written, or edited. */
	write(value: number): void {
		if (this.#module?.value !== value)
			this.#module = { value, instance: undefined };
	}

	/** Whether a name holds a number or a string, for completion. */
	typeOf(name: string): Type | undefined {
		return this.#types.get(name)?.type;
	}

	run(steps: Step[], reads: string[]): Answer {
		this.#depth = 0;
		try {
			this.#check(steps, reads);
			this.#declare(steps);
			for (const each of steps) this.#do(each);
			return { value: reads.map((each) => this.#show(each)) };
		} catch (error) {
			if (!(error instanceof Failure)) throw error;
			return { error: error.message };
		}
	}

	/** A cell without what the compiler would refuse, but for the step that is wrong on purpose. */
	sensible(steps: Step[], reads: string[]): { steps: Step[]; reads: string[] } {
		for (;;) {
			const refused = this.#refused(steps, reads);
			const kept = steps.filter(
				(each) => each.step === "wrong" || !refused.has(each),
			);
			const known = reads.filter((each) => !refused.has(each));
			if (kept.length + known.length === steps.length + reads.length)
				return { steps, reads };
			[steps, reads] = [kept, known];
		}
	}

	/** A cell that does not compile changes nothing; one that does declares its types, whatever becomes of it. */
	#check(steps: Step[], reads: string[]): void {
		if (this.#refused(steps, reads).size) fail("compile");
		this.#types = this.#typesAfter(steps);
	}

	#typesAfter(steps: Step[]): Types {
		const types = new Map(this.#types);
		for (const each of steps) {
			if (!isDeclaration(each) || !("name" in each)) continue;
			types.set(each.name, declared(each));
		}
		return types;
	}

	/** Those steps and reads of a cell that the compiler refuses. */
	#refused(steps: Step[], reads: string[]): Set<Step | string> {
		const types = this.#typesAfter(steps);
		const is = (name: string, type: Type) => types.get(name)?.type === type;
		const takes = (name: string, value: Literal) =>
			is(name, typeof value as Type) && !types.get(name)?.fixed;
		const bodyFits = (body: Body) => {
			if (body.does === "read")
				return body.names.every((each) => types.has(each));
			if (body.does === "write") return takes(body.name, body.value);
			return is(body.name, "function");
		};
		const fits = (each: Step): boolean => {
			const { step } = each;
			if ("body" in each) return bodyFits(each.body);
			if (step.startsWith("import")) return this.#module !== undefined;
			if (step === "assign") return takes(each.name, each.value);
			if (step === "call") return is(each.name, "function");
			if (step === "new") return is(each.name, "class");
			if (step === "member") return is(each.name, "group");
			return step !== "wrong";
		};
		return new Set([
			...steps.filter((each) => !fits(each)),
			...reads.filter((each) => !types.has(each)),
		]);
	}

	/** Names exist before the first line runs; those that have a value keep it. */
	#declare(steps: Step[]): void {
		for (const each of steps) {
			if (!isDeclaration(each) || !("name" in each)) continue;
			const { step, name } = each;
			const hoisted = ["var", "function", "enum", "namespace"].includes(step);
			const known = this.#variables.get(name);
			if (!known || (hoisted && !known.get))
				this.#variables.set(name, {
					get: hoisted ? () => undefined : undefined,
				});
			if (step === "function") this.#set(name, this.#function(each.body));
		}
	}

	#do(each: Step): unknown {
		switch (each.step) {
			case "let":
			case "const":
			case "var":
			case "pattern":
			case "loop":
			case "assign":
				return this.#set(each.name, each.value);
			case "arrow":
				return this.#set(each.name, this.#function(each.body, false));
			case "held":
				return this.#set(each.name, this.#function(each.body));
			case "class":
				return this.#set(each.name, { class: each.value });
			case "enum":
			case "namespace":
				return this.#set(each.name, { group: { P: each.value } });
			case "import":
			case "import all":
			case "import grow":
				return this.#import(each.step, each.name);
			case "call":
				return this.#call(each.name);
			case "new":
				return this.#make(each.name);
			case "member":
				if (this.#read(each.name) === undefined) fail("TypeError");
				return;
			case "throw":
				return fail("Error");
			case "interrupt":
				return fail("Interrupted");
		}
	}

	#set(name: string, value: Held): void {
		this.#variables.set(name, { get: () => value });
	}

	#read(name: string): Held {
		const { get } = this.#variables.get(name) ?? fail("ReferenceError");
		return get ? get() : fail("ReferenceError");
	}

	/** As the cells show it: what is no number or string by its kind. */
	#show(name: string): unknown {
		const value = this.#read(name);
		if (typeof value !== "object") return value;
		return "group" in value ? "object" : "function";
	}

	#call(name: string): unknown {
		const value = this.#read(name);
		if (typeof value !== "object" || !("call" in value))
			return fail("TypeError");
		if (++this.#depth > 50) fail("RangeError");
		const result = value.call();
		this.#depth--;
		return result;
	}

	/** Functions can be called by `new`, too, but for arrows: where a class was to take the place of one and its line did not run. */
	#make(name: string): void {
		const value = this.#read(name);
		if (typeof value === "object" && "class" in value) return;
		if (typeof value === "object" && "call" in value && value.constructs)
			this.#call(name);
		else fail("TypeError");
	}

	#function(body: Body, constructs = true): Held {
		const { does } = body;
		const call = () => {
			if (does === "read") return body.names.map((each) => this.#show(each));
			if (does === "call") return this.#call(body.name);
			return this.#set(body.name, body.value);
		};
		return { call, constructs };
	}

	/** An imported name is the variable of the module, as the module was when it was imported. */
	#import(step: "import" | "import all" | "import grow", name: string): void {
		const module = this.#module ?? fail("compile");
		module.instance ??= { P: module.value };
		const { instance } = module;
		if (step === "import") this.#variables.set(name, { get: () => instance.P });
		else if (step === "import all") this.#set(name, { group: instance });
		else this.#set(name, { call: () => instance.P++, constructs: true });
	}
}

function declared(each: Step): { type: Type; fixed: boolean } {
	switch (each.step) {
		case "let":
		case "var":
		case "loop":
			return { type: typeof each.value as Type, fixed: false };
		case "const":
		case "pattern":
			return { type: typeof each.value as Type, fixed: true };
		case "function":
		case "arrow":
		case "held":
		case "import grow":
			return { type: "function", fixed: true };
		case "class":
			return { type: "class", fixed: true };
		case "enum":
		case "namespace":
		case "import all":
			return { type: "group", fixed: true };
		default:
			return { type: "number", fixed: true };
	}
}
