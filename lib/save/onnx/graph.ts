import type { Shape, Tensor } from "../../tensor.ts";
import type { Attribute, Constant, Node } from "./file.ts";

/** What flows between two layers: numbers [T, B, width], or [B, width] once the steps are pooled; or ids [T, B]. */
export interface Value {
	readonly name: string;
	/** Unknown for ids, and for an input that the first layer takes at any size. */
	readonly width?: number;
	/** Whether there is an axis of steps. */
	readonly steps: boolean;
	readonly ids?: boolean;
	/** Whether its steps were made of one vector, so that all sequences have the same. */
	readonly made?: boolean;
}

/** An ONNX graph while it is built: each operator gets a name of its own, each weight is stored once. */
export class Builder {
	readonly nodes: Node[] = [];
	readonly constants: Constant[] = [];
	readonly #known = new Map<unknown, Map<string, string>>();
	readonly #taken = new Set<string>();
	/** The input that holds the lengths [B], int32; none: all sequences have T steps. */
	readonly lengths?: string;

	constructor(lengths?: string) {
		this.lengths = lengths;
	}

	/** Adds an operator; its name and that of its first output come from the layer's place. */
	add(
		place: string,
		operator: string,
		inputs: readonly string[],
		attributes: Readonly<Record<string, Attribute>> = {},
	): string {
		const output = this.#free(`${place}${operator}`);
		this.nodes.push({ operator, inputs, outputs: [output], attributes });
		return output;
	}

	/** A weight, or what `make` makes of it, as float32; `as` names what was made, so that a weight in two places is stored once. */
	weight(
		name: string,
		of: Tensor,
		as = "",
		make: () => { shape: Shape; data: ArrayLike<number> } = () => of,
	): string {
		return this.#once(of, as, name, () => {
			const { shape, data } = make();
			return { shape, data: Float32Array.from(data) };
		});
	}

	/** Whole numbers, such as axes. */
	integers(values: readonly number[], shape: Shape = [values.length]): string {
		const name = `integers.${values.join("_")}`;
		const data = BigInt64Array.from(values, BigInt);
		return this.#once("integers", `${shape}:${values}`, name, () => ({
			shape,
			data,
		}));
	}

	/** A single float. */
	number(value: number): string {
		const data = Float32Array.of(value);
		return this.#once("number", `${value}`, `number.${value}`, () => ({
			shape: [],
			data,
		}));
	}

	/** The input with the lengths of a value's sequences, if they have any. */
	lengthsOf(value: Value): string | undefined {
		return value.steps && !value.made ? this.lengths : undefined;
	}

	/** The number of steps or sequences of a value [T, B, …], as int64 [1]. */
	sizeOf(place: string, value: Value, axis: 0 | 1): string {
		const shape = this.add(place, "Shape", [value.name]);
		return this.add(place, "Gather", [shape, this.integers([axis])], {
			axis: 0n,
		});
	}

	/** [T, B, 1]: whether a sequence has a step there. */
	alive(place: string, value: Value): string {
		const T = this.add(place, "Squeeze", [
			this.sizeOf(place, value, 0),
			this.integers([0]),
		]);
		const [from, by] = [this.integers([0], []), this.integers([1], [])];
		const steps = this.add(place, "Range", [from, T, by]);
		const column = this.add(place, "Unsqueeze", [steps, this.integers([1, 2])]);
		const lengths = this.add(place, "Cast", [this.lengths as string], {
			to: 7n,
		});
		const row = this.add(place, "Unsqueeze", [lengths, this.integers([0, 2])]);
		return this.add(place, "Less", [column, row]);
	}

	/** The value with `fill` past each sequence's end, if there are lengths. */
	cleared(place: string, value: Value, fill = 0): Value {
		if (this.lengthsOf(value) === undefined || value.ids) return value;
		const inputs = [this.alive(place, value), value.name, this.number(fill)];
		return { ...value, name: this.add(place, "Where", inputs) };
	}

	/** Each sequence turned within its own length. */
	turned(place: string, value: Value): Value {
		const given = this.lengthsOf(value);
		const lengths = given
			? this.add(place, "Cast", [given], { to: 7n })
			: this.add(place, "Expand", [
					this.sizeOf(place, value, 0),
					this.sizeOf(place, value, 1),
				]);
		const axes = { time_axis: 0n, batch_axis: 1n };
		return {
			...value,
			name: this.add(place, "ReverseSequence", [value.name, lengths], axes),
		};
	}

	/** The name of a constant that is stored when it is asked for first. */
	#once(
		of: unknown,
		form: string,
		name: string,
		make: () => Omit<Constant, "name">,
	): string {
		const forms = this.#known.get(of) ?? new Map<string, string>();
		this.#known.set(of, forms);
		const stored = forms.get(form);
		if (stored !== undefined) return stored;
		const free = this.#free(name);
		this.constants.push({ name: free, ...make() });
		forms.set(form, free);
		return free;
	}

	#free(wanted: string): string {
		let name = wanted;
		for (let i = 2; this.#taken.has(name); i++) name = `${wanted}_${i}`;
		this.#taken.add(name);
		return name;
	}
}
