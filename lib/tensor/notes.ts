import type { StepNode } from "../backend/steps.ts";
import { type Input, type LeafDraft, Leaves } from "./leaves.ts";
import type { Shape } from "./numbers.ts";
import type { Tensor } from "./tensor.ts";
import { Traced, Untraceable } from "./traced.ts";

/** An operation of the first step, with which those of later steps are compared. */
interface Noted {
	readonly name: string;
	readonly parameter: number;
	readonly inputs: readonly Input[];
	/** Those of the inputs that are no results. */
	readonly leaves: readonly (LeafDraft | undefined)[];
	readonly made: Traced & Tensor;
	/** Whether no operation asked for it: a row that was stretched for the one after it. */
	readonly unasked?: boolean;
}

/** What an operation on weights alone gave. */
interface Kept {
	op: string;
	inputs: readonly Input[];
	parameter: number;
	made: Tensor;
}

/** The operations of the first step in their order; those of each later step must be the same ones. */
export class Notes {
	readonly nodes: StepNode[] = [];
	readonly leaves = new Leaves((why) => this.refuse(why));
	/** The step that is traced now. */
	step = 0;
	readonly #noted: Noted[] = [];
	#next = 0;
	/** Each result under the shapes by which it is read. */
	readonly #views = new Map<StepNode, Map<string, Traced & Tensor>>();
	readonly #kept: Kept[] = [];
	#nextKept = 0;
	#refused: Untraceable | undefined;
	readonly #active: () => boolean;

	/** `active` tells whether a step is traced now. */
	constructor(active: () => boolean) {
		this.#active = active;
	}

	/** Begins step t, from 0 on. */
	begin(t: number): void {
		this.step = t;
		this.#next = 0;
		this.#nextKept = 0;
	}

	/** Notes why the step cannot be traced; the trace ends even where the step catches what is thrown. */
	refuse(why: string): Untraceable {
		this.#refused ??= new Untraceable(why);
		return this.#refused;
	}

	/** @throws when the step was refused, even if it caught that and went on. */
	expectTraceable(): void {
		if (this.#refused) throw this.#refused;
	}

	/** @throws when the step did less than the first one. */
	expectAllDone(): void {
		if (this.step > 0 && this.#next !== this.#noted.length)
			throw this.refuse("fewer operations than in the first step");
	}

	/** An operation of the first step, and its result. */
	add(
		about: Omit<Noted, "made" | "parameter"> & { parameter?: number },
		node: StepNode,
		shape: Shape,
	): Traced & Tensor {
		const made = this.view(node, shape);
		this.nodes.push(node);
		this.#noted.push({ parameter: node.parameter, ...about, made });
		this.#next++;
		return made;
	}

	/** The result of an operation of a later step: that of the first. @throws when the operation is another. */
	again(name: string, inputs: readonly Input[], parameter: number): Tensor {
		let noted = this.#noted[this.#next++];
		while (noted?.unasked) noted = this.#noted[this.#next++];
		if (
			noted?.name !== name ||
			noted.parameter !== parameter ||
			noted.inputs.length !== inputs.length
		)
			throw this.refuse(
				`${name.split(" ")[0]} at t=${this.step}, not in the first step`,
			);
		for (let i = 0; i < inputs.length; i++) {
			const leaf = noted.leaves[i];
			if (leaf) this.leaves.again(leaf, inputs[i], this.step);
			else if (inputs[i] !== noted.inputs[i])
				throw this.refuse(`another input of ${name} at t=${this.step}`);
		}
		return noted.made;
	}

	/** A result under a shape: the same object each time. */
	view(node: StepNode, shape: Shape): Traced & Tensor {
		let views = this.#views.get(node);
		if (!views) {
			views = new Map();
			this.#views.set(node, views);
		}
		const key = shape.join();
		let view = views.get(key);
		if (!view) {
			const refuse = (why: string) =>
				this.#active() ? this.refuse(why) : undefined;
			view = new Traced(node, [...shape], refuse) as Traced & Tensor;
			views.set(key, view);
		}
		return view;
	}

	/** Keeps what an operation on weights alone gave in the first step. */
	keep(kept: Kept): void {
		if (this.step === 0) this.#kept.push(kept);
	}

	/** What an operation on weights alone gave in the first step; undefined where it has to be computed. */
	keptResult(
		op: string,
		inputs: readonly Input[],
		parameter: number,
	): Tensor | undefined {
		const kept = this.#kept[this.#nextKept];
		if (this.step === 0 || kept?.op !== op) return undefined;
		if (kept.parameter !== parameter || !sameList(kept.inputs, inputs))
			return undefined;
		this.#nextKept++;
		return kept.made;
	}
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
	return a.length === b.length && a.every((item, i) => item === b[i]);
}
