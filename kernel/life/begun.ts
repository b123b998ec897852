import { type AsyncHook, createHook } from "node:async_hooks";
import { interruptFamily } from "../processes.ts";
import { type Cell, cellOfContext } from "./cell.ts";

/**
 * What cells have begun and Node knows of: timers, sockets, servers, child processes, threads, reads of files. Each belongs
 * to the cell in whose context it was made. When a cell is stopped, all of it ends, and what still begins in its context
 * ends at once.
 *
 * What was unreferenced (`unref`) goes on: that is how packages mark what they keep for later callers, such as idle
 * connections and pools of threads.
 */
const begun = new Map<number, { cell: Cell; resource: WeakRef<object> }>();

/** A callback of the event loop that runs: its cell, and when it began (ms of the clock and of this thread's CPU). */
interface Running {
	cell: Cell | undefined;
	began: number;
	cpu: number;
}

/** The running callbacks, outer ones first; one that an interrupt terminated remains in the list. */
const running: Running[] = [];

/** How long (ms) a callback that was terminated has to have lasted to be taken for a loop, and how much of that it computed. */
const LONG = 1000;
const COMPUTED = 250;
/** One that lasted this long (ms) is taken for a loop though it only waited, as `Atomics.wait` does. */
const VERY_LONG = 10_000;

/** Whether a callback of this duration loops. On a busy machine a short one may last long, but it uses little CPU. */
export const isLoop = (lasted: number, computed: number): boolean =>
	lasted > VERY_LONG || (lasted > LONG && computed > COMPUTED);

/** The CPU time of this thread in ms. */
function cpuTime(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
}

/** Whether resources of a cell are being ended: what that creates (ticks that report it) may run. */
let ending = false;

/** Starts to record what cells begin. Promises are not recorded, so it costs little. */
export function noteBeginnings(): void {
	const hook = {
		trackPromises: false,
		init(id: number, _type: string, trigger: number, resource: object) {
			// a connection that a server takes is made outside of every context
			const cell = cellOfContext.getStore() ?? begun.get(trigger)?.cell;
			if (!cell) return;
			if (!cell.life.over)
				begun.set(id, { cell, resource: new WeakRef(resource) });
			else if (!ending && !isTick(resource))
				Promise.resolve().then(() => endAll(cell, [resource])); // its constructor has not returned yet
		},
		before() {
			const cell = cellOfContext.getStore();
			running.push({ cell, began: performance.now(), cpu: cpuTime() });
		},
		after() {
			running.pop();
		},
		destroy(id: number) {
			begun.delete(id);
		},
	};
	createHook(hook).enable();
	withoutChecks();
}

/** The functions that a hook may have, by the symbols that Node keeps them under. */
const KINDS = /^(init|before|after|destroy|promiseResolve)$/;
const kindsOf = (hook: object): symbol[] =>
	Object.getOwnPropertySymbols(hook).filter(
		(symbol) =>
			KINDS.test(symbol.description ?? "") &&
			(hook as Record<symbol, unknown>)[symbol] !== undefined,
	);

/**
 * While there are hooks, Node ends the process when a callback leaves its account of callbacks unbalanced, as one does that
 * an interrupt terminates; the option --no-force-async-hooks-checks is about the time before there are any. The checks end
 * with the last hook, and Node knows of that by a sum over kinds, of which each hook takes off what it has when it ends:
 * hooks that have more at their end than at their beginning bring it to nothing. A hook that a cell or a package enables, as
 * `node:domain` does, would begin the checks again.
 */
function withoutChecks(): void {
	const prototype = Object.getPrototypeOf(createHook({})) as AsyncHook;
	const { enable, disable } = prototype;
	const [destroy] = kindsOf(createHook({ destroy() {} }));
	const takeOff = (count: number) => {
		for (let taken = 0; taken < count; taken++) {
			const empty = enable.call(createHook({}));
			Object.assign(empty, { [destroy]: () => {} });
			disable.call(empty);
		}
	};
	takeOff(4); // those of the kernel's own hook
	const enabled = new WeakSet<object>();
	prototype.enable = function () {
		enable.call(this);
		if (!enabled.has(this)) takeOff(kindsOf(this).length);
		enabled.add(this);
		return this;
	};
	prototype.disable = function () {
		enabled.delete(this);
		return disable.call(this);
	};
}

/**
 * The cells whose callbacks looped and were terminated since the last call: they would loop again. Call it in a task of its
 * own.
 */
export function cutCells(): Set<Cell> {
	const cells = new Set<Cell>();
	const [now, computed] = [performance.now(), cpuTime()];
	for (const { cell, began, cpu } of running.splice(0, running.length - 1))
		if (cell && isLoop(now - began, computed - cpu)) cells.add(cell);
	return cells;
}

/** Thrown where nobody waits for it, see {@link leaveContext}; it means nothing. */
export const LEFT = new Error("left the context of a task that was terminated");

/**
 * A terminated task leaves its context behind in the event loop, and what Node makes outside of every callback would
 * belong to it. Contexts are put back when a callback returns; so leaving one takes a callback that does not.
 */
export function leaveContext(): void {
	cellOfContext.exit(() =>
		process.nextTick(() => {
			throw LEFT;
		}),
	);
}

/** Stops a cell: its awaits throw the reason, and all that it began ends. */
export function stopCell(cell: Cell, reason: unknown): void {
	if (cell.life.over) return;
	cell.life.stop(reason);
	const resources: object[] = [];
	for (const [id, { cell: of, resource }] of begun) {
		if (of.life !== cell.life) continue;
		begun.delete(id);
		const found = resource.deref();
		if (found) resources.push(found);
	}
	endAll(cell, resources);
}

/** In the context of their cell, so that what their ends call cannot begin anything. */
function endAll(cell: Cell, resources: object[]): void {
	cellOfContext.run(cell, () => {
		ending = true;
		for (const resource of resources) {
			try {
				end(resource);
			} catch {
				// it has ended by itself
			}
		}
		ending = false;
	});
}

type Method = () => void;
/** How a resource of Node may be ended: by a method of its own, of its owner, or by the callback for its completion. */
interface Resource {
	hasRef?(): boolean;
	pid?: number;
	stopThread?: Method;
	close?: Method;
	oncomplete?: unknown;
	ondone?: unknown;
	callback?: unknown;
}
interface Owner {
	destroy?: Method;
	close?: Method;
}
const nothing = () => {};

const isTick = (resource: object): boolean =>
	resource.constructor === Object && "callback" in resource;

function end(resource: Resource): void {
	if (resource.hasRef?.() === false) return;
	const symbol = Object.getOwnPropertySymbols(resource).find(
		({ description }) => description === "owner_symbol",
	);
	const owner =
		symbol && (resource as Record<symbol, Owner | undefined>)[symbol];
	if (resource instanceof Immediate) clearImmediate(resource);
	else if (resource.pid) interruptFamily(resource.pid);
	else if (resource.stopThread) resource.stopThread();
	else if (owner?.destroy) owner.destroy();
	else if (owner?.close) owner.close();
	else if (resource.close) resource.close();
	else {
		for (const name of ["oncomplete", "ondone", "callback"] as const) {
			if (typeof resource[name] === "function") resource[name] = nothing;
		}
	}
}

const immediate = setImmediate(nothing);
const Immediate = immediate.constructor as new () => NodeJS.Immediate;
clearImmediate(immediate);
