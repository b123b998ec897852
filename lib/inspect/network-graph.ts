import type { Numbers } from "../backend/backend.ts";
import { expectValue } from "../expect/expect.ts";
import { isList } from "../expect/lists.ts";
import { aLayer } from "../expect/rules.ts";
import { described } from "../expect/words.ts";
import type { Layer, Run } from "../layers/layer.ts";
import { distinctCalls } from "../scope.ts";
import { allocateLike, type Operation, Tensor } from "../tensor.ts";
import { stepsOf } from "./graph.ts";
import { ancestors, type Call, callsOf, isStep } from "./network-calls.ts";
import {
	type Draft,
	type NetworkEdge,
	type NetworkGraph,
	type NetworkNode,
	setSteps,
} from "./network-steps.ts";
import { pull } from "./pull.ts";

export type {
	NetworkEdge,
	NetworkGraph,
	NetworkNode,
} from "./network-steps.ts";

/**
 * A network unrolled: it reads `input` once, and what each part of it did at each step, and with whose numbers, is what the graph shows.
 * Nothing is told about the network but what it did, so the graph holds for wrappers and cells of your own as well.
 *
 * ```ts
 * const net = chain(embedding(…), unroll(elman(…)), dense(…));
 * networkGraph(net, [[3], [1], [4]])                        // ids [T, B], or xs [T, B, D]
 * networkGraph(seq2seq, { source: [[1], [2]], target: [[0], [3]] })
 * ```
 *
 * Take few steps: the graph has a node for each part and step, and finding them takes as many runs back.
 * @throws what the network throws at this input.
 */
export function networkGraph<In>(net: Layer<In>, input: In): NetworkGraph {
	expectValue("networkGraph", "the network", net, aLayer);
	const inputs = inputsOf(input);
	const run = distinctCalls(() =>
		net.run(inputs.given as In, { inspect: true }),
	);
	return new Finder(net, inputs.parts, run).graph();
}

interface Input {
	name: string;
	value: unknown;
	steps: number;
}

/** The sequences that are read, tensors as copies that gradients reach. */
function inputsOf(input: unknown): { given: unknown; parts: Input[] } {
	const copy = (x: unknown) =>
		x instanceof Tensor ? new Tensor(x.data, x.shape, true) : x;
	const lengthOf = (x: unknown) => {
		if (x instanceof Tensor) return x.shape[0];
		if (isList(x)) return x.length;
		throw new Error(
			`networkGraph: the input must be sequences, ids [T, B] or a Tensor [T, B, D], got ${described(x)}`,
		);
	};
	const pair = (input ?? {}) as { source?: unknown; target?: unknown };
	if (!(input instanceof Tensor) && pair.source && pair.target) {
		const given = { source: copy(pair.source), target: copy(pair.target) };
		const parts = Object.entries(given).map(([name, value]) => ({
			name,
			value,
			steps: lengthOf(value),
		}));
		return { given, parts };
	}
	const given = copy(input);
	return {
		given,
		parts: [{ name: "x", value: given, steps: lengthOf(given) }],
	};
}

class Finder {
	readonly #inputs: readonly Input[];
	readonly #run: Run;
	readonly #weights: Map<Tensor, string>;
	readonly #letters = new Map<Tensor, string>();
	readonly #calls: readonly Call[];
	readonly #callOf: ReadonlyMap<Operation, Call>;
	readonly #nodes: Draft[] = [];
	readonly #edges: NetworkEdge[] = [];
	readonly #ids = new Map<string, number>();
	readonly #parts = new Map<object, number>();

	constructor(net: { weights: Layer["weights"] }, inputs: Input[], run: Run) {
		this.#inputs = inputs;
		this.#run = run;
		this.#weights = new Map(
			Object.entries(net.weights).map(([name, t]) => [t, last(name)]),
		);
		for (const [name, t] of Object.entries(run.internals ?? {}))
			for (const step of stepsOf(
				t.madeBy?.name === "reverse" ? t.madeBy.inputs[0] : t,
			))
				this.#letters.set(step, last(name));
		const { calls, callOf } = callsOf(run.outputs);
		this.#calls = calls;
		this.#callOf = callOf;
	}

	graph(): NetworkGraph {
		this.#inputs.reduce((before, { name, steps, value }) => {
			const shape = value instanceof Tensor ? value.shape.slice(1) : [];
			for (let t = 0; t < steps; t++)
				this.#add(`${name} ${t}`, {
					kind: "input",
					name,
					shape,
					step: before + t,
					part: -1,
				});
			return before + steps;
		}, 0);
		const works = this.#calls.flatMap((call) =>
			range(call.steps ?? 1).map((row) => ({
				call,
				row,
				id: this.#work(call, row),
			})),
		);
		for (const { call, row, id } of works) this.#reads(call, row, id);
		const { outputs } = this.#run;
		const T = outputs.shape[0];
		for (let t = 0; t < T; t++) {
			const to = this.#add(`y ${t}`, {
				kind: "output",
				name: "y",
				shape: outputs.shape.slice(1),
				step: -1,
				part: -1,
			});
			this.#sources(to, rows(outputs, t), () => false);
		}
		setSteps(this.#nodes, this.#edges, this.#hosts());
		return { nodes: this.#nodes, edges: this.#edges };
	}

	/** One part at one step. */
	#work(call: Call, row: number): number {
		const { name, part, scope, results, steps } = call;
		if (!this.#parts.has(part)) this.#parts.set(part, this.#parts.size);
		const shape = results[0].shape;
		return this.#add(this.#key(call, row), {
			kind: isStep(call)
				? "cell"
				: scope?.part === part
					? "layer"
					: "operation",
			name,
			shape: steps === undefined ? shape : shape.slice(1),
			step: -1,
			part: this.#parts.get(part) as number,
			letters: this.#lettersOf(part),
		});
	}

	/** Where the numbers of a part at one step came from. */
	#reads(call: Call, row: number, id: number): void {
		const { part, scope, results, steps } = call;
		const inside = (operation: Operation) =>
			this.#callOf.get(operation) === call ||
			(operation.scope?.step === undefined && operation.scope?.part === part);
		if (scope?.step === undefined) {
			const seeds = new Map(
				results.flatMap((t) => [
					...(steps === undefined ? ones(t) : rows(t, row)),
				]),
			);
			this.#sources(id, seeds, inside);
			const read = this.#inputs.find(({ value }) => value === scope?.input);
			if (read && !(read.value instanceof Tensor))
				for (const t of steps === undefined ? range(read.steps) : [row])
					this.#link(this.#ids.get(`${read.name} ${t}`), id);
			return;
		}
		const used = new Set(call.operations.flatMap(({ inputs }) => inputs));
		for (const t of used) {
			if (this.#weights.has(t) || (t.madeBy && inside(t.madeBy))) continue;
			const weight = this.#multiplied(call, t);
			if (t.madeBy || t.requiresGrad)
				this.#sources(id, ones(t), () => false, weight);
			else if (t.shape.length === 2 && scope.step === 0)
				this.#start(id, t, weight);
		}
	}

	/** The letters of what any step of a part hands on, the output first. */
	#lettersOf(part: object): string[] {
		const results = this.#calls
			.filter((call) => call.part === part)
			.flatMap((call) => call.results);
		const letters = new Set(results.flatMap((t) => this.#letters.get(t) ?? []));
		return [...letters].sort((a, b) => Number(b === "h") - Number(a === "h"));
	}

	/** The state before the first step. */
	#start(to: number, state: Tensor, weight?: string): void {
		if (this.#edges.some((edge) => edge.to === to && edge.state)) return;
		const from = this.#add(`start ${this.#nodes.length}`, {
			kind: "start",
			name: "start",
			shape: state.shape,
			step: -1,
			part: this.#nodes[to].part,
		});
		this.#edges.push({ from, to, state: true, weight });
	}

	/** The name of the weight that multiplies a tensor in a call, if it is one only. */
	#multiplied({ operations }: Call, t: Tensor): string | undefined {
		const users = operations.filter(({ inputs }) => inputs.includes(t));
		const weights = users.map(({ name, inputs }) =>
			name === "matmul" ? this.#weights.get(inputs[1]) : undefined,
		);
		return weights.length === 1 ? weights[0] : undefined;
	}

	/** Links to a node from all that had a part in some numbers of it. */
	#sources(
		to: number,
		seeds: ReadonlyMap<Tensor, Numbers>,
		inside: (operation: Operation) => boolean,
		weight?: string,
	): void {
		const through = (operation: Operation) =>
			inside(operation) || !this.#callOf.has(operation);
		for (const [t, gradient] of pull(seeds, through)) {
			const call = t.madeBy && this.#callOf.get(t.madeBy);
			const input = this.#inputs.find(({ value }) => value === t);
			if (!call && !input) continue;
			const n = (call ? call.steps : input?.steps) ?? 1;
			const felt = range(n).filter((row) =>
				rowOf(gradient, n, row).some((g) => g !== 0),
			);
			for (const row of felt)
				this.#link(
					this.#ids.get(call ? this.#key(call, row) : `${input?.name} ${row}`),
					to,
					weight,
				);
		}
	}

	#link(from: number | undefined, to: number, weight?: string): void {
		if (from === undefined || from === to) return;
		const known = this.#edges.find(
			(edge) => edge.from === from && edge.to === to,
		);
		if (known) return;
		const [a, b] = [this.#nodes[from], this.#nodes[to]];
		const state = a.kind === "cell" && a.part === b.part;
		this.#edges.push({ from, to, state, weight });
	}

	/** The nodes of calls inside a step of a cell, each with the node of that step. */
	*#hosts(): Generator<[number, number]> {
		const idOf = (call: Call, row: number) =>
			this.#ids.get(this.#key(call, row)) as number;
		for (const call of this.#calls) {
			const step = ancestors(call.scope).find(({ step }) => step !== undefined);
			const host = this.#calls.find(({ scope }) => scope === step);
			if (step && host && !isStep(call))
				for (const row of range(call.steps ?? 1))
					yield [idOf(call, row), idOf(host, 0)];
		}
	}

	#key(call: Call, row: number): string {
		return `call ${this.#calls.indexOf(call)} ${row}`;
	}

	#add(
		key: string,
		node: Omit<NetworkNode, "id" | "letters"> & { letters?: string[] },
	): number {
		const id = this.#nodes.length;
		this.#ids.set(key, id);
		this.#nodes.push({ letters: [], ...node, id });
		return id;
	}
}

const last = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const rowOf = (numbers: Numbers, n: number, row: number) =>
	numbers.subarray(
		(row * numbers.length) / n,
		((row + 1) * numbers.length) / n,
	);

/** Seeds for `pull`: a number for each of one row, and 0 elsewhere. No two are the same, so that they do not cancel out. */
function rows(t: Tensor, row: number): Map<Tensor, Numbers> {
	const seed = allocateLike(t.data, t.size);
	rowOf(seed, t.shape[0], row).forEach((_, i, own) => {
		own[i] = 1 + ((i * 0.618) % 1);
	});
	return new Map([[t, seed]]);
}

function ones(t: Tensor): Map<Tensor, Numbers> {
	return new Map([[t, allocateLike(t.data, t.size).fill(1)]]);
}
