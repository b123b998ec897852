import type ts from "typescript-cells";
import type { CellProgram } from "./program.ts";

/** What tslab's converter passes when it asks for a watched program. */
export interface WatchHost {
	sys: ts.System;
	afterProgramCreate?(builder: Builder): void;
}

/** The part of a `BuilderProgram` that tslab's converter uses when it takes a module that was written in a cell. */
interface Builder {
	getSourceFile(name: string): ts.SourceFile | undefined;
	getProgram(): ts.Program;
}

/**
 * Stands in for `ts.createWatchProgram` under tslab's converter, without watching anything: a file that was created after its
 * import failed, or whatever throws while tslab's timer runs, wedges tslab. The program is asked for after the timer.
 */
export function watch(host: WatchHost, program: CellProgram) {
	const { sys } = host;

	function update(): void {
		pending = false;
		host.afterProgramCreate?.({
			getProgram: () => program.take("").program,
			getSourceFile: (name) => program.add(name),
		});
	}

	let pending = false;
	function schedule(): void {
		if (!pending) sys.setTimeout?.(update, 0);
		pending = true;
	}

	update();
	return { close() {}, updateRootFileNames: schedule };
}
