import { StringDecoder } from "node:string_decoder";
import { type Cell, currentCell } from "../life/cell.ts";

export type StreamName = "stdout" | "stderr";
type Chunk = string | Uint8Array;
type Done = () => void;
/** The optional arguments of `write`: an encoding and a callback. */
type Rest = [encoding?: string | Done, callback?: Done];

/** Receives the text that cells write, and the callbacks that wait until it is written. */
export interface Receiver {
	write(name: StreamName, text: string, cell: Cell): void;
	tell(done: Done): void;
}

/** Whether text in an encoding stands for bytes, as in base64. */
const isBinary = (encoding: unknown): boolean =>
	typeof encoding === "string" &&
	Buffer.isEncoding(encoding) &&
	!/^utf-?8$/i.test(encoding);

/** Redirects what cells write to process.stdout or process.stderr to a receiver. Other writes go on as before. */
export class CapturedStream {
	readonly #name: StreamName;
	readonly #stream: NodeJS.WriteStream;
	readonly #own: (chunk: Chunk) => boolean;
	readonly #receiver: Receiver;
	readonly #decoder = new StringDecoder("utf8");
	/** The cell whose bytes were decoded last. */
	#decoded: Cell | undefined;

	constructor(name: StreamName, receiver: Receiver) {
		this.#name = name;
		this.#receiver = receiver;
		this.#stream = process[name];
		this.#own = this.#stream.write.bind(this.#stream);
		Object.assign(this.#stream, { write: this.#write, end: this.#end });
	}

	readonly #write = (chunk: Chunk, ...[encoding, callback]: Rest): boolean => {
		const cell = currentCell();
		if (!cell) return this.#own(chunk);
		const isText = typeof chunk === "string" && !isBinary(encoding);
		const text = isText
			? chunk
			: this.#decode(Buffer.from(chunk as never, encoding as never), cell);
		if (text) this.#receiver.write(this.#name, text, cell);
		const done = typeof encoding === "function" ? encoding : callback;
		if (done) this.#receiver.tell(done);
		return true;
	};

	/** Calls back as `end` does, but leaves the stream open for later cells. */
	readonly #end = (...values: [Chunk | Done | undefined, ...Rest]) => {
		const [chunk, ...rest] = values;
		const done = values.find((each) => typeof each === "function");
		if (typeof chunk === "string" || ArrayBuffer.isView(chunk))
			this.#write(chunk, ...rest.filter((each) => each !== done));
		this.#receiver.tell(() => {
			done?.();
			this.#stream.emit("finish");
		});
		return this.#stream;
	};

	/** Decodes bytes. An incomplete character waits for its other bytes from the same cell. */
	#decode(bytes: Buffer, cell: Cell): string {
		if (this.#decoded && this.#decoded !== cell) {
			const rest = this.#decoder.end();
			if (rest) this.#receiver.write(this.#name, rest, this.#decoded);
		}
		this.#decoded = cell;
		return this.#decoder.write(bytes);
	}
}
