import type ts from "typescript-cells";
import { plainVariables } from "./plain-types.ts";
import { stock } from "./typescript.ts";

type Bound = ts.SourceFile & {
	locals: Map<string, ts.Symbol>;
	identifiers: Map<string, string>;
	/** Where the names that it does not declare are looked up. */
	parent: ts.Node;
};

const { Value, Type, Namespace, Alias } = stock.SymbolFlags;

/** A name means up to three things: a value, a type and a namespace, each of which a later cell may declare again. */
const LEVELS = 3;

/** A module that declares nothing, as the compiler sees it. */
const empty = stock.createSourceFile(
	"/names.ts",
	"export {};",
	stock.ScriptTarget.ES2024,
) as Bound;
stock.bindSourceFile(empty, {});

/** A file in which names are looked up before those of another. */
function level(locals: Map<string, ts.Symbol>, parent?: ts.Node): ts.Node {
	const file: ts.Node = Object.create(Object.getPrototypeOf(empty));
	return Object.assign(file, empty, { locals, parent });
}

function chain([first, ...others]: readonly Map<string, ts.Symbol>[]): ts.Node {
	return level(first, others.length ? chain(others) : undefined);
}

/**
 * What the names of earlier cells mean to the type checker: the newest declaration of each, as a value, as a type and as a
 * namespace. A cell is a file whose parent is a file of these, so the checker finds in it what the cell does not declare.
 */
export class Declarations {
	/** The newest declaration of each name; a meaning that it lacks is looked up in the next. */
	readonly #tables = Array.from(
		{ length: LEVELS },
		() => new Map<string, ts.Symbol>(),
	);

	/** Lets a cell see all names. */
	show(cell: ts.SourceFile): void {
		(cell as Bound).parent = chain(this.#tables);
	}

	/**
	 * Adds the names that a cell declares. From now on the cell itself sees only the names that it uses, as they are now, so that
	 * declarations which no cell can reach are garbage-collected with their cells.
	 */
	keep(cell: ts.SourceFile, program: ts.Program): void {
		const checker = program.getTypeChecker();
		const { identifiers, locals } = cell as Bound;
		const used = this.#tables.map((table) => {
			const names = new Map<string, ts.Symbol>();
			for (const text of identifiers.keys()) {
				const name = stock.escapeLeadingUnderscores(text) as string;
				const symbol = table.get(name);
				const own = locals.get(name);
				if (!symbol) continue;
				const hidden = own ? meanings(own, checker) : 0;
				if (meanings(symbol, checker) & ~hidden) names.set(name, symbol);
			}
			return names;
		});
		(cell as Bound).parent = chain(used);
		const plain = plainVariables(cell, program);
		for (const [name, symbol] of locals)
			this.#declare(name, plain.get(name) ?? symbol, checker);
	}

	/** The cells that these names were declared in, and those that those use. */
	cells(): Set<ts.SourceFile> {
		const found = new Set<ts.SourceFile>();
		const tables = [...this.#tables];
		for (const table of tables)
			for (const symbol of table.values())
				for (const each of symbol.declarations ?? []) {
					const cell = each.getSourceFile() as Bound;
					if (found.has(cell)) continue;
					found.add(cell);
					let at = cell.parent as Bound | undefined;
					for (; at; at = at.parent as Bound | undefined)
						tables.push(at.locals);
				}
		return found;
	}

	#declare(name: string, symbol: ts.Symbol, checker: ts.TypeChecker): void {
		let open = meanings(symbol, checker);
		let next: ts.Symbol | undefined = symbol;
		for (const table of this.#tables) {
			const before = table.get(name);
			if (next) table.set(name, next);
			else table.delete(name);
			next = undefined;
			if (!before) continue;
			const still = meanings(before, checker) & ~open;
			if (still) next = before;
			open |= still;
		}
	}
}

/** What a name means: its flags among value, type and namespace. */
function meanings(symbol: ts.Symbol, checker: ts.TypeChecker): number {
	const all = Value | Type | Namespace;
	if ((symbol.flags & Alias) === 0) return symbol.flags & all;
	const { flags } = checker.getAliasedSymbol(symbol);
	return flags & all || all; // of an unresolved name, any meaning is possible
}
