// What the WASM files use of the platform, the same in Node and in browsers; the library's other files use none of it.
declare namespace WebAssembly {
	class Module {
		static exports(module: Module): { name: string }[];
		constructor(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>);
	}
	class Instance {
		constructor(module: Module, imports: object);
		readonly exports: Record<string, unknown>;
	}
	class Memory {
		constructor(limits: { initial: number; maximum: number; shared: boolean });
		readonly buffer: ArrayBufferLike;
		grow(pages: number): number;
	}
	function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
	function compile(
		bytes: ArrayBuffer | Uint8Array<ArrayBuffer>,
	): Promise<Module>;
}
declare function structuredClone<T>(value: T): T;
declare const console: { warn(message: string): void };
