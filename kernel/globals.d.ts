/** What the kernel adds to the global names of a cell. */

/**
 * Asks the reader for a line of text, and waits for it, as in a browser; the default when the answer is empty.
 * @throws Error when the front end cannot ask (a notebook that runs unattended).
 */
declare function prompt(message?: string, defaultValue?: string): string;

/** The part of WebAssembly that Node and browsers share, which TypeScript declares for browsers only. */
declare namespace WebAssembly {
	type ImportValue =
		| Global
		| Memory
		| Table
		| number
		| ((...args: never[]) => unknown);
	type Imports = Record<string, Record<string, ImportValue>>;
	type Bytes = ArrayBuffer | ArrayBufferView;
	class Module {
		constructor(bytes: Bytes);
		static exports(module: Module): { kind: string; name: string }[];
		static imports(
			module: Module,
		): { kind: string; module: string; name: string }[];
	}
	class Instance {
		constructor(module: Module, imports?: Imports);
		readonly exports: Record<string, ImportValue>;
	}
	class Memory {
		constructor(about: { initial: number; maximum?: number; shared?: boolean });
		readonly buffer: ArrayBuffer;
		grow(pages: number): number;
	}
	class Table {
		constructor(about: {
			element: "anyfunc" | "externref";
			initial: number;
			maximum?: number;
		});
		readonly length: number;
		get(index: number): unknown;
		set(index: number, value?: unknown): void;
		grow(by: number): number;
	}
	class Global {
		constructor(about: { value: string; mutable?: boolean }, value?: unknown);
		value: unknown;
	}
	class CompileError extends Error {}
	class LinkError extends Error {}
	class RuntimeError extends Error {}
	function validate(bytes: Bytes): boolean;
	function compile(bytes: Bytes): Promise<Module>;
	function instantiate(
		bytes: Bytes,
		imports?: Imports,
	): Promise<{ instance: Instance; module: Module }>;
	function instantiate(module: Module, imports?: Imports): Promise<Instance>;
}
