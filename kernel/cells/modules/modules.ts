import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import vm from "node:vm";
import type { Guard } from "../../guard.ts";
import { awaited, awaitedEach } from "../../life/awaited.ts";
import { propertyOf } from "../../safely.ts";
import { isPath } from "../compile/syntax.ts";
import { PARAMETERS } from "./commonjs.ts";
import { isCompiled, type Source, Sources } from "./module-sources.ts";
import { homeOf } from "./package-home.ts";

/** A local module that has been run, or is being run. */
interface Local {
	exports: unknown;
	stamp: string;
	/** The local modules that it imported. */
	imports: Set<string>;
	/** Whether its code has finished. */
	finished: boolean;
}

/** Packages that the kernel gives cells, wherever the notebook is: by name, what each exports. */
export type GivenPackages = Readonly<Record<string, () => unknown>>;

/** Errors of `require` for packages that only `import()` can load: they await at their top level, or name no other entry. */
const NEEDS_IMPORT: unknown[] = [
	"ERR_REQUIRE_ASYNC_MODULE",
	"ERR_PACKAGE_PATH_NOT_EXPORTED",
];

/**
 * What cells import. Packages and Node's own modules come from Node. The reader's own, those imported by a path or by a
 * name that `tsconfig.json` or `package.json` gives them, are run here; one that was edited is run again at the next import, and with it those that import it.
 */
export class Modules {
	readonly sources: Sources;
	readonly #directory: string;
	readonly #locals = new Map<string, Local>();
	/** Packages that only `import()` could load. */
	readonly #preloaded = new Map<string, unknown>();

	readonly #guard: Guard;
	readonly #given: GivenPackages;

	constructor(directory: string, guard: Guard, given: GivenPackages) {
		this.#directory = directory;
		this.#guard = guard;
		this.#given = given;
		this.sources = new Sources(directory);
	}

	/** The values for {@link PARAMETERS} of a cell with this name. */
	valuesFor(path: string, module: { exports: unknown }): unknown[] {
		return this.#valuesFor(path, module, (id) => this.#load(id, dirname(path)));
	}

	/** Loads what `require` cannot, for a cell with these static imports. Call it before the cell runs. */
	async preload(ids: readonly string[], from = this.#directory): Promise<void> {
		for (const id of ids) await this.#prepare(id, from, new Set());
	}

	/** Removes packages and local modules whose evaluation an interrupt terminated, so that they are loaded again. */
	dropUnfinished(): void {
		const { cache } = createRequire(resolve(this.#directory, "module.js"));
		for (const [path, module] of Object.entries(cache))
			if (module && !module.loaded) delete cache[path];
		for (const [path, { finished }] of this.#locals)
			if (!finished) this.#locals.delete(path);
	}

	/** Removes local modules that were edited since they ran, and their dependents. */
	refresh(): void {
		const stale = new Set<string>();
		for (const [path, { stamp }] of this.#locals) {
			if (this.sources.stampOf(path) !== stamp) stale.add(path);
		}
		for (let before = -1; before !== stale.size; ) {
			before = stale.size;
			for (const [path, { imports }] of this.#locals) {
				if ([...imports].some((each) => stale.has(each))) stale.add(path);
			}
		}
		for (const path of stale) this.#locals.delete(path);
	}

	/** The packages that the kernel provides. */
	#own(id: string): unknown {
		return this.#given[id]?.();
	}

	async #prepare(id: string, from: string, seen: Set<string>): Promise<void> {
		if (isBuiltin(id) || this.#own(id)) return;
		const path = this.sources.find(id, from);
		if (!path && !isPath(id)) return this.#preparePackage(id, from);
		if (!path || !isCompiled(path) || seen.has(path)) return;
		seen.add(path);
		const source = this.sources.compile(path);
		for (const each of source.imports)
			await this.#prepare(each, dirname(path), seen);
		if (source.awaits && !this.#locals.has(path)) await this.#start(source);
	}

	async #preparePackage(id: string, from: string): Promise<void> {
		if (this.#preloaded.has(id)) return;
		try {
			requireFrom(from, id);
		} catch (error) {
			if (!NEEDS_IMPORT.includes(propertyOf(error, "code"))) return;
			this.#preloaded.set(id, forRequire(await nativeImport(id, from)));
		}
	}

	/** What an `import()` in a file of a folder gives. */
	async #import(id: string, from: string): Promise<unknown> {
		const own = this.#own(id);
		if (own) return own;
		const path = this.sources.find(id, from);
		if (!path || !isCompiled(path))
			return nativeImport(path ? pathToFileURL(path).href : id, from);
		await this.#prepare(id, from, new Set());
		return this.#load(id, from);
	}

	#load(id: string, from: string, importer?: Local): unknown {
		const ready = this.#own(id) ?? this.#preloaded.get(id);
		if (ready) return ready;
		// Node keeps a module whose evaluation was terminated as it is
		if (isBuiltin(id)) return this.#guard.shield(() => requireFrom(from, id));
		const path = this.sources.find(id, from);
		if (path && extname(path) === ".json")
			return JSON.parse(readFileSync(path, "utf8"));
		if (!path || !isCompiled(path)) return requireFrom(from, path ?? id);
		importer?.imports.add(path);
		const known = this.#locals.get(path);
		if (known) return known.exports;
		this.#start(this.sources.compile(path));
		return this.#locals.get(path)?.exports;
	}

	/** Runs a local module; gives a promise when it awaits. */
	#start(source: Source): unknown {
		const { path, code, awaits, stamp } = source;
		const module = { exports: {} as unknown };
		const { exports } = module;
		const local: Local = {
			exports,
			stamp,
			imports: new Set(),
			finished: false,
		};
		this.#locals.set(path, local);
		const fail = (error: unknown) => {
			this.#locals.delete(path);
			throw error;
		};
		const done = () => {
			local.exports = module.exports;
			local.finished = true;
		};
		try {
			const run = compileFunction(code, path, awaits);
			const require = (id: string) => this.#load(id, dirname(path), local);
			const result = run(...this.#valuesFor(path, module, require));
			if (awaits) return (result as Promise<unknown>).then(done, fail);
			done();
		} catch (error) {
			fail(error);
		}
		return undefined;
	}

	#valuesFor(
		path: string,
		module: { exports: unknown },
		require: (id: string) => unknown,
	): unknown[] {
		const from = dirname(path);
		const load = (id: string) =>
			createRequire(resolve(homeOf(id, from), "module.js")).resolve(id);
		const meta = {
			url: pathToFileURL(path).href,
			filename: path,
			dirname: from,
			resolve: (id: string) =>
				isBuiltin(id) ? id : pathToFileURL(load(id)).href,
		};
		const dynamic = (id: string) => this.#import(id, from);
		return [
			module.exports,
			require,
			module,
			path,
			from,
			meta,
			dynamic,
			awaited,
			awaitedEach,
		];
	}
}

/** Compiles the function whose body is the code of a cell or a local module. Lines and columns stay those of the code. */
export function compileFunction(
	code: string,
	filename: string,
	awaits: boolean,
	parameters = PARAMETERS,
): (...values: unknown[]) => unknown {
	const head = `(${awaits ? "async " : ""}function (${parameters.join(", ")}) {`;
	const script = new vm.Script(`${head}${code}\n})`, {
		filename,
		columnOffset: -head.length,
	});
	return script.runInThisContext({ displayErrors: false }) as (
		...values: unknown[]
	) => unknown;
}

/** The `require` of Node, as in a file of a folder. Its errors do not name that file, which is not there. */
function requireFrom(from: string, id: string): unknown {
	const file = resolve(homeOf(id, from), "module.js");
	try {
		return createRequire(file)(id);
	} catch (error) {
		const stack = propertyOf(error, "requireStack");
		if (Array.isArray(stack) && stack.at(-1) === file) {
			const { message } = error as Error;
			const said = message.replace(`\n- ${file}`, "");
			Object.assign(error as Error, {
				message: said.replace(/\nRequire stack:$/, ""),
				requireStack: stack.slice(0, -1),
			});
		}
		throw error;
	}
}

/** Makes the function that reads an export of a module by its name, or all exports by `*`, as an ES module that imports it does. */
export function reader(module: unknown): (exported: string) => unknown {
	const isModule = types.isModuleNamespaceObject(module);
	const all = module as Record<string, unknown>;
	if (isModule || all?.__esModule)
		return (exported) => (exported === "*" ? all : all[exported]);
	let star: object | undefined;
	return (exported) => {
		if (exported === "default") return module;
		if (exported !== "*") return all[exported];
		star ??= Object.assign(forRequire(Object(module)), { default: module });
		return star;
	};
}

/** A module as the code that TypeScript writes for a static import expects it from `require`. */
function forRequire(namespace: object): object {
	const module = { __esModule: true };
	for (const name of Object.keys(namespace)) {
		const get = () => (namespace as Record<string, unknown>)[name];
		Object.defineProperty(module, name, { enumerable: true, get });
	}
	return module;
}

/** The `import()` of Node, as in a file of a folder. */
function nativeImport(id: string, from: string): Promise<object> {
	const script = new vm.Script("(id) => import(id)", {
		filename: resolve(homeOf(id, from), "module.js"),
		importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
	});
	return (script.runInThisContext() as (id: string) => Promise<object>)(id);
}
