// biome-ignore-all lint/suspicious/noExplicitAny: what comes over the line may be anything
/**
 * The two ends of the line between the examiner's kernel and the student's, as cells run it there. Each message is a line of JSON,
 * and each is answered before the next: a call of a function, or what a call gave. Functions that are handed over stay where they
 * are, and are called from the other end; other values are copied.
 */
type $Message =
	| { call: number | string; args: unknown[] }
	| { get: string }
	| { returned: unknown }
	| { thrown: { name: string; message: string } }
	| { end: true };

// biome-ignore lint/correctness/noUnusedVariables: the cells behind this one call it
function $link(
	ask: (line: string) => string,
	tensor: (data: ArrayLike<number>, options: object) => unknown,
	named: (name: string) => unknown,
) {
	type Call = (...args: unknown[]) => unknown;
	const functions: Call[] = [];

	function encode(value: unknown, depth = 0): unknown {
		if (depth > 50)
			throw new TypeError("a value of more than 50 levels cannot be checked");
		const inside = (values: Iterable<unknown>) =>
			Array.from(values, (one) => encode(one, depth + 1));
		const fields = (object: object) =>
			Object.entries(object).map(([key, one]) => [key, encode(one, depth + 1)]);
		if (typeof value === "number" && !Number.isFinite(value))
			return { $: "number", of: String(value) };
		if (value === undefined) return { $: "undefined" };
		if (typeof value === "function")
			return { $: "function", of: functions.push(value as Call) - 1 };
		if (typeof value === "bigint" || typeof value === "symbol")
			throw new TypeError(`a ${typeof value} cannot be checked`);
		if (typeof value !== "object" || value === null) return value;
		if (value instanceof Promise)
			throw new TypeError("a promise cannot be checked: return the value");
		if (Array.isArray(value)) return inside(value);
		if (ArrayBuffer.isView(value))
			return {
				$: "numbers",
				of: inside(value as Float64Array),
				kind: value.constructor.name,
			};
		if ("shape" in value && "data" in value && "dtype" in value)
			return {
				$: "tensor",
				of: inside(value.data as Float32Array),
				options: { shape: value.shape, dtype: value.dtype },
			};
		return { $: "object", of: fields(value) };
	}

	const kinds: Record<string, (coded: any) => unknown> = {
		number: ({ of }) => Number(of),
		undefined: () => undefined,
		function:
			({ of }) =>
			(...args: unknown[]) =>
				exchange({ call: of, args: args.map((one) => encode(one)) }),
		numbers: ({ of, kind }) =>
			(kind === "Float64Array" ? Float64Array : Float32Array).from(
				of.map(decode),
			),
		tensor: ({ of, options }) =>
			tensor(Float64Array.from(of.map(decode)), options),
		object: ({ of }) =>
			Object.fromEntries(of.map(([key, one]: any) => [key, decode(one)])),
	};

	function decode(value: any): unknown {
		if (Array.isArray(value)) return value.map(decode);
		if (typeof value !== "object" || value === null) return value;
		if (!Object.hasOwn(kinds, value.$))
			throw new TypeError(`a value of kind ${value.$} cannot be checked`);
		return kinds[value.$](value);
	}

	/** What a message of the other end asks for. */
	function answer(message: any): $Message {
		try {
			if ("get" in message) return { returned: encode(named(message.get)) };
			const { call, args } = message;
			const wanted =
				typeof call === "number" ? functions[call] : (named(call) as Call);
			return { returned: encode(wanted(...args.map(decode))) };
		} catch (error) {
			const { name = "Error", message = String(error) } = (error ?? {}) as any;
			return { thrown: { name: `${name}`, message: `${message}` } };
		}
	}

	/** Sends a message, answers what the other end asks for meanwhile, and gives what comes back. */
	function exchange(message: $Message): unknown {
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
		/** In the examiner's kernel: stands for the answers of the same names, and has their types. */
		answers<A extends object>(released: A): A {
			const stand = Object.entries(released).map(([name, value]) => [
				name,
				typeof value === "function"
					? (...args: unknown[]) =>
							exchange({ call: name, args: args.map((one) => encode(one)) })
					: exchange({ get: name }),
			]);
			return Object.fromEntries(stand);
		},
		/** In the student's kernel: answers until the end is said. */
		serve(): void {
			let line = "{}";
			for (;;) {
				const message = JSON.parse(ask(line));
				if ("end" in message) return;
				line = JSON.stringify(answer(message));
			}
		},
	};
}
