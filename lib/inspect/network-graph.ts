import type { Numbers } from "../backend/backend.ts";
import { expectValue } from "../expect/expect.ts";
import { isList } from "../expect/lists.ts";
import { aLayer } from "../expect/rules.ts";
import { described } from "../expect/words.ts";
import type { Layer, Run } from "../layers/layer.ts";
import { distinctCalls, type Scope } from "../scope.ts";
import { allocateLike, type Operation, type Shape, Tensor } from "../tensor.ts";
import { collect, stepsOf } from "./graph.ts";
import { pull } from "./pull.ts";

/** A part of a network at one step. */
export interface NetworkNode {
	readonly id: number;
	/** An input or output of a step, the state before the first one, or a part at work: a cell, a layer, or an operation between them. */
	readonly kind: "input" | "output" | "start" | "cell" | "layer" | "operation";
	/** `elman`, `dense`; of an input `source` or `target` where there are both. */
	readonly name: string;
	/** The letters of what it puts out, where its equations have some: `h`, `c`. */
	readonly letters: readonly string[];
	/** Which part it is: the same number is the same part with the same weights. */
	readonly part: number;
	/** Its step, from 0; what is written comes after what was read. */
	readonly step: number;
	/** Of what it puts out in one step. */
	readonly shape: Shape;
}

/** What goes from one part to another. */
export interface NetworkEdge {
	readonly from: number;
	readonly to: number;
	/** Whether it goes from step to step of one part: a state. */
	readonly state: boolean;
	/** The one weight by which it is multiplied at once. */
	readonly weight?: string;
}

/** A network written out over the steps of a sequence. */
export interface NetworkGraph {
	readonly nodes: readonly NetworkNode[];
	readonly edges: readonly NetworkEdge[];
}

/** Operations that hand on the same numbers in another arrangement. */
const arranging = new Set([
	"reshape",
	"transpose",
	"slice",
	"split",
	"concat",
	"reverse",
	"clearPadding",
]);

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

/** The operations of one call of a part. */
interface Group {
	name: string;
	/** What two groups of the same part have in common. */
	part: object;
	scope: Scope | null;
	operations: Operation[];
	/** Made in it and used outside. */
	results: Tensor[];
	/** Number of steps that it does at once; undefined where it is one step, or no sequence at all. */
	steps?: number;
}

type Draft = { -readonly [K in keyof NetworkNode]: NetworkNode[K] };

class Finder {
	readonly #inputs: readonly Input[];
	readonly #run: Run;
	readonly #weights: Map<Tensor, string>;
	readonly #letters = new Map<Tensor, string>();
	readonly #groups: Group[] = [];
	readonly #of = new Map<Operation, Group>();
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
		this.#group();
	}

	/** Sorts operations into the calls they were done in; arrangements between the calls belong to none. */
	#group(): void {
		const found = collect(this.#run.outputs);
		const operations = [
			...new Set(found.flatMap(({ madeBy }) => madeBy ?? [])),
		];
		const parents = new Set(
			operations.flatMap(({ scope }) => ancestors(scope)),
		);
		const groups = new Map<object, Group>();
		for (const operation of operations) {
			const { scope, name } = operation;
			const own =
				scope !== null && (scope.step !== undefined || !parents.has(scope));
			if (arranging.has(name) && (!own || scope.step !== undefined)) continue;
			const key = own ? scope : operation;
			const group = groups.get(key) ?? {
				name: own ? scope.name : name,
				part: own ? scope.part : operation,
				scope,
				operations: [],
				results: [],
			};
			groups.set(key, group);
			group.operations.push(operation);
			this.#of.set(operation, group);
		}
		const users = new Map<Tensor, Operation[]>();
		for (const operation of operations)
			for (const t of operation.inputs)
				users.set(t, [...(users.get(t) ?? []), operation]);
		for (const group of groups.values()) {
			const outside = (t: Tensor) =>
				t === this.#run.outputs ||
				(users.get(t) ?? []).some(
					(user) =>
						this.#of.get(user)?.part !== group.part || this.#steps(group, user),
				);
			group.results = group.operations
				.flatMap(({ outputs }) => outputs)
				.filter(outside);
			const [first] = group.results;
			if (!first) continue;
			if (group.scope?.step === undefined && first.shape.length > 2)
				group.steps = first.shape[0];
			this.#groups.push(group);
		}
	}

	/** Whether another step of the same cell uses it. */
	#steps(group: Group, user: Operation): boolean {
		return group.scope?.step !== undefined && this.#of.get(user) !== group;
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
		const order = (group: Group) => group.operations[0].order;
		this.#groups.sort((a, b) => order(a) - order(b));
		const works = this.#groups.flatMap((group) =>
			range(group.steps ?? 1).map((row) => ({
				group,
				row,
				id: this.#work(group, row),
			})),
		);
		for (const { group, row, id } of works) this.#reads(group, row, id);
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
		this.#place();
		return { nodes: this.#nodes, edges: this.#edges };
	}

	/** One part at one step. */
	#work(group: Group, row: number): number {
		const { name, part, scope, results, steps } = group;
		if (!this.#parts.has(part)) this.#parts.set(part, this.#parts.size);
		const shape = results[0].shape;
		return this.#add(this.#key(group, row), {
			kind:
				scope?.step !== undefined
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
	#reads(group: Group, row: number, id: number): void {
		const { part, scope, results, steps } = group;
		const inside = (operation: Operation) =>
			this.#of.get(operation) === group ||
			(operation.scope?.step === undefined && operation.scope?.part === part);
		if (scope?.step === undefined) {
			const seeds = new Map(
				results.flatMap((t) => [
					...(steps === undefined ? whole(t) : rows(t, row)),
				]),
			);
			this.#sources(id, seeds, inside);
			const read = this.#inputs.find(({ value }) => value === scope?.input);
			if (read && !(read.value instanceof Tensor))
				for (const t of steps === undefined ? range(read.steps) : [row])
					this.#link(this.#ids.get(`${read.name} ${t}`), id);
			return;
		}
		const used = new Set(group.operations.flatMap(({ inputs }) => inputs));
		for (const t of used) {
			if (this.#weights.has(t) || (t.madeBy && inside(t.madeBy))) continue;
			const weight = this.#multiplied(group, t);
			if (t.madeBy || t.requiresGrad)
				this.#sources(id, whole(t), () => false, weight);
			else if (t.shape.length === 2 && scope.step === 0)
				this.#start(id, t, weight);
		}
	}

	/** The letters of what any step of a part hands on, the output first. */
	#lettersOf(part: object): string[] {
		const results = this.#groups
			.filter((group) => group.part === part)
			.flatMap((group) => group.results);
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

	/** The name of the weight that multiplies a tensor in a group, if it is one only. */
	#multiplied({ operations }: Group, t: Tensor): string | undefined {
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
			inside(operation) || !this.#of.has(operation);
		for (const [t, gradient] of pull(seeds, through)) {
			const group = t.madeBy && this.#of.get(t.madeBy);
			const input = this.#inputs.find(({ value }) => value === t);
			if (!group && !input) continue;
			const n = (group ? group.steps : input?.steps) ?? 1;
			const felt = range(n).filter((row) =>
				part(gradient, n, row).some((g) => g !== 0),
			);
			for (const row of felt)
				this.#link(
					this.#ids.get(
						group ? this.#key(group, row) : `${input?.name} ${row}`,
					),
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

	/**
	 * Gives each node its step: the latest among what it reads, but for its own state. What works inside a step of a cell stands at
	 * that step, a state before the first step beside it.
	 */
	#place(): void {
		const known = new Set<number>();
		const latest = (id: number): number => {
			const node = this.#nodes[id];
			if (node.kind === "input" || known.has(id)) return node.step;
			known.add(id);
			const read = this.#edges
				.filter(({ to, state }) => to === id && !state)
				.map(({ from }) => latest(from));
			node.step = Math.max(-1, ...read);
			return node.step;
		};
		for (const { id } of this.#nodes) latest(id);
		for (const group of this.#groups) {
			const outer = ancestors(group.scope).find(
				({ step }) => step !== undefined,
			);
			const host = this.#groups.find(({ scope }) => scope === outer);
			if (outer && host && group.scope?.step === undefined)
				for (const row of range(group.steps ?? 1))
					this.#node(group, row).step = this.#node(host, 0).step;
		}
		for (const { from, to } of this.#edges) {
			if (this.#nodes[from].kind !== "start") continue;
			const { part, step, letters } = this.#nodes[to];
			const backwards = this.#nodes.some(
				(node) =>
					node.kind === "cell" && node.part === part && node.step < step,
			);
			Object.assign(this.#nodes[from], {
				step: backwards ? step + 1 : step - 1,
				letters,
			});
		}
	}

	#node(group: Group, row: number): Draft {
		return this.#nodes[this.#ids.get(this.#key(group, row)) as number];
	}

	#key(group: Group, row: number): string {
		return `group ${this.#groups.indexOf(group)} ${row}`;
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

/** The calls around one, from the inner to the outer. */
function ancestors(scope: Scope | null): Scope[] {
	const found: Scope[] = [];
	for (let at = scope?.parent; at; at = at.parent) found.push(at);
	return found;
}

const part = (numbers: Numbers, n: number, row: number) =>
	numbers.subarray(
		(row * numbers.length) / n,
		((row + 1) * numbers.length) / n,
	);

/** Seeds for `pull`: a number for each of one row, and 0 elsewhere. No two are the same, so that they do not cancel out. */
function rows(t: Tensor, row: number): Map<Tensor, Numbers> {
	const seed = allocateLike(t.data, t.size);
	part(seed, t.shape[0], row).forEach((_, i, own) => {
		own[i] = 1 + ((i * 0.618) % 1);
	});
	return new Map([[t, seed]]);
}

function whole(t: Tensor): Map<Tensor, Numbers> {
	return new Map([[t, allocateLike(t.data, t.size).fill(1)]]);
}
