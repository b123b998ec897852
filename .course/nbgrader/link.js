/**
 * The two ends of the line between the examiner's kernel and the student's. Each message is a line of JSON, and each is answered before
 * the next: a call of a function, or what a call gave. Functions that are handed over stay where they are, and are called from the
 * other end; other values are copied. exam.py hands this file to both kernels as a text, to run as it is.
 * @typedef {{ call: number | string, args: unknown[] } | { get: string } | { returned: unknown }
 *   | { thrown: { name: string, message: string } } | { end: true }} $Message
 * @typedef {(...args: any[]) => unknown} $Call
 */

/**
 * @param {(line: string) => string} ask sends a line to the other end, and gives its answer
 * @param {(data: ArrayLike<number>, options: object) => unknown} tensor
 * @param {(name: string) => unknown} named a value of this end
 */
// biome-ignore lint/correctness/noUnusedVariables: exam.py calls it, in the same text
function $link(ask, tensor, named) {
	/** @type {$Call[]} */
	const functions = [];

	/** @param {any} value @returns {unknown} */
	function encode(value, depth = 0) {
		if (depth > 50)
			throw new TypeError("a value of more than 50 levels cannot be checked");
		/** @param {Iterable<unknown> | ArrayLike<unknown>} values */
		const inside = (values) =>
			Array.from(values, (one) => encode(one, depth + 1));
		/** @param {object} object */
		const fields = (object) =>
			Object.entries(object).map(([key, one]) => [key, encode(one, depth + 1)]);
		if (typeof value === "number" && !Number.isFinite(value))
			return { $: "number", of: String(value) };
		if (value === undefined) return { $: "undefined" };
		if (typeof value === "function")
			return { $: "function", of: functions.push(value) - 1 };
		if (typeof value === "bigint" || typeof value === "symbol")
			throw new TypeError(`a ${typeof value} cannot be checked`);
		if (typeof value !== "object" || value === null) return value;
		if (value instanceof Promise)
			throw new TypeError("a promise cannot be checked: return the value");
		if (Array.isArray(value)) return inside(value);
		if (ArrayBuffer.isView(value))
			return {
				$: "numbers",
				of: inside(/** @type {Float64Array} */ (value)),
				kind: value.constructor.name,
			};
		if ("shape" in value && "data" in value && "dtype" in value)
			return {
				$: "tensor",
				of: inside(value.data),
				options: { shape: value.shape, dtype: value.dtype },
			};
		return { $: "object", of: fields(value) };
	}

	/** @type {Record<string, (coded: any) => unknown>} */
	const kinds = {
		number: ({ of }) => Number(of),
		undefined: () => undefined,
		function:
			({ of }) =>
			(/** @type {unknown[]} */ ...args) =>
				exchange({ call: of, args: args.map((one) => encode(one)) }),
		numbers: ({ of, kind }) =>
			(kind === "Float64Array" ? Float64Array : Float32Array).from(
				of.map(decode),
			),
		tensor: ({ of, options }) =>
			tensor(Float64Array.from(of.map(decode)), options),
		object: ({ of }) =>
			Object.fromEntries(
				of.map((/** @type {[string, unknown]} */ [key, one]) => [
					key,
					decode(one),
				]),
			),
	};

	/** @param {any} value @returns {unknown} */
	function decode(value) {
		if (Array.isArray(value)) return value.map(decode);
		if (typeof value !== "object" || value === null) return value;
		if (!Object.hasOwn(kinds, value.$))
			throw new TypeError(`a value of kind ${value.$} cannot be checked`);
		return kinds[value.$](value);
	}

	/** What a message of the other end asks for. @param {any} message @returns {$Message} */
	function answer(message) {
		try {
			if ("get" in message) return { returned: encode(named(message.get)) };
			const { call, args } = message;
			const wanted = /** @type {$Call} */ (
				typeof call === "number" ? functions[call] : named(call)
			);
			return { returned: encode(wanted(...args.map(decode))) };
		} catch (error) {
			const { name = "Error", message = String(error) } = /** @type {any} */ (
				error ?? {}
			);
			return { thrown: { name: `${name}`, message: `${message}` } };
		}
	}

	/**
	 * Sends a message, answers what the other end asks for meanwhile, and gives what comes back.
	 * @param {$Message} message
	 */
	function exchange(message) {
		let line = JSON.stringify(message);
		for (;;) {
			const reply = JSON.parse(ask(line));
			if ("returned" in reply) return decode(reply.returned);
			if ("thrown" in reply) {
				const { name, message } = reply.thrown;
				const error = new Error(message);
				error.name = name;
				error.stack = `${name}: ${message}`;
				throw error;
			}
			line = JSON.stringify(answer(reply));
		}
	}

	return {
		/**
		 * In the examiner's kernel: stands for the answers of the same names.
		 * @param {object} released
		 */
		answers(released) {
			const stand = Object.entries(released).map(([name, value]) => [
				name,
				typeof value === "function"
					? (/** @type {unknown[]} */ ...args) =>
							exchange({ call: name, args: args.map((one) => encode(one)) })
					: exchange({ get: name }),
			]);
			return Object.fromEntries(stand);
		},
		/** In the student's kernel: answers until the end is said. */
		serve() {
			let line = "{}";
			for (;;) {
				const message = JSON.parse(ask(line));
				if ("end" in message) return;
				line = JSON.stringify(answer(message));
			}
		},
	};
}
