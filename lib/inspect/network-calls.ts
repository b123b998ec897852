import type { Scope } from "../scope.ts";
import type { Operation, Tensor } from "../tensor.ts";
import { collect } from "./graph.ts";

/** Operations that hand on the same numbers in another arrangement. */
const ARRANGING = new Set([
	"reshape",
	"transpose",
	"slice",
	"split",
	"concat",
	"reverse",
	"clearPadding",
]);

/** The operations of one call of a part: of a layer, of one step of a cell, or a lone operation between them. */
export interface Call {
	readonly name: string;
	/** What the calls of one part have in common. */
	readonly part: object;
	readonly scope: Scope | null;
	readonly operations: Operation[];
	/** Made in it and used outside. */
	results: Tensor[];
	/** Number of steps that it does at once; undefined where it is one step, or no sequence at all. */
	steps?: number;
}

/** The calls that led to the outputs, in their order, and the call that each operation belongs to; arrangements between calls belong to none. */
export function callsOf(outputs: Tensor): {
	calls: Call[];
	callOf: ReadonlyMap<Operation, Call>;
} {
	const found = collect(outputs);
	const operations = [...new Set(found.flatMap(({ madeBy }) => madeBy ?? []))];
	const callOf = sorted(operations);
	const users = usersOf(operations);
	const calls: Call[] = [];
	for (const call of new Set(callOf.values())) {
		const outside = (user: Operation) => {
			const other = callOf.get(user);
			return other?.part !== call.part || (isStep(call) && other !== call);
		};
		call.results = call.operations
			.flatMap((operation) => operation.outputs)
			.filter((t) => t === outputs || users.get(t)?.some(outside));
		const [first] = call.results;
		if (!first) continue;
		if (!isStep(call) && first.shape.length > 2) call.steps = first.shape[0];
		calls.push(call);
	}
	const order = ({ operations }: Call) => operations[0].order;
	return { calls: calls.sort((a, b) => order(a) - order(b)), callOf };
}

/** Whether a call is one step of a cell. */
export const isStep = ({ scope }: Call): boolean => scope?.step !== undefined;

/** The calls around one, from the inner to the outer. */
export function ancestors(scope: Scope | null): Scope[] {
	const found: Scope[] = [];
	for (let at = scope?.parent; at; at = at.parent) found.push(at);
	return found;
}

/** Sorts operations into the innermost calls they were done in. */
function sorted(operations: readonly Operation[]): Map<Operation, Call> {
	const outer = new Set(operations.flatMap(({ scope }) => ancestors(scope)));
	const calls = new Map<object, Call>();
	const callOf = new Map<Operation, Call>();
	for (const operation of operations) {
		const { scope, name } = operation;
		const inner =
			scope !== null && (scope.step !== undefined || !outer.has(scope));
		if (ARRANGING.has(name) && (!inner || scope.step !== undefined)) continue;
		const key = inner ? scope : operation;
		const call = calls.get(key) ?? {
			name: inner ? scope.name : name,
			part: inner ? scope.part : operation,
			scope,
			operations: [],
			results: [],
		};
		calls.set(key, call);
		call.operations.push(operation);
		callOf.set(operation, call);
	}
	return callOf;
}

/** The operations that read each tensor. */
function usersOf(operations: readonly Operation[]): Map<Tensor, Operation[]> {
	const users = new Map<Tensor, Operation[]>();
	for (const operation of operations)
		for (const t of operation.inputs)
			users.set(t, [...(users.get(t) ?? []), operation]);
	return users;
}
