import { described } from "../expect/words.ts";

/** What batches are read from: anything to loop over, once or without end. */
export type Data<Batch> =
	| Iterable<Batch>
	| AsyncIterable<Batch>
	| { next(): { value: Batch; done?: boolean } };

/** The batch of a step, and the number of its round through the data. */
export interface Read<Batch> {
	batch: Batch;
	/** Counted from 1; 0 where there are no data. */
	epoch: number;
}

/** How many batches a round has, where the data say so. */
export const countOf = (data: unknown): number | undefined => {
	const { count, length } = (data ?? {}) as {
		count?: unknown;
		length?: unknown;
	};
	return [count, length].find(Number.isSafeInteger) as number | undefined;
};

/**
 * Reads data batch by batch: `epochs` rounds, or round after round without end. Gives undefined when all rounds are done.
 *
 * Without an end, data with a `next` of their own go on where it left them; a loop over `batches` begins anew.
 */
export function rounds<Batch>(
	data: Data<Batch>,
	epochs: number | undefined,
): () => Promise<Read<Batch> | undefined> {
	if (epochs === undefined && "next" in data) {
		const count = countOf(data);
		let read = 0;
		return async () => {
			const { value, done } = await data.next();
			if (done) throw spent(1);
			const epoch = count ? Math.floor(read++ / count) + 1 : 1;
			return { batch: value, epoch };
		};
	}
	function begin(): AsyncIterator<Batch> | Iterator<Batch> {
		if (Symbol.asyncIterator in data) return data[Symbol.asyncIterator]();
		if (Symbol.iterator in data) return data[Symbol.iterator]();
		throw new Error(
			`fit: with epochs, data must be a list or another iterable, got ${described(data)}`,
		);
	}
	let epoch = 1;
	let round = begin();
	let readHere = 0;
	return async () => {
		for (;;) {
			const { value, done } = await round.next();
			if (!done) {
				readHere++;
				return { batch: value as Batch, epoch };
			}
			if (readHere === 0) throw spent(epoch);
			if (epoch === epochs) return undefined;
			epoch++;
			readHere = 0;
			round = begin();
		}
	};
}

const spent = (epoch: number): Error =>
	new Error(
		epoch === 1
			? "fit: data gave no batch"
			: `fit: data gave no batch in epoch ${epoch}: a generator can be read once; give a list, batches(…), or an object whose [Symbol.iterator] begins anew`,
	);
