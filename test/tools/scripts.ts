import { join } from "node:path";
import { inVenv } from "../lessons/notebooks.ts";

/** Runs one of the Python scripts beside this file, and reads the line of JSON it prints. */
export async function figures<T>(
	script: string,
	args: string[],
	signal: AbortSignal,
): Promise<T> {
	const { code, output } = await inVenv(
		"python",
		[join(import.meta.dirname, script), ...args],
		{ signal },
	);
	const line = output.split("\n").find((each) => each.startsWith("{"));
	if (code !== 0 || !line) throw new Error(`${script}:\n${output}`);
	return JSON.parse(line);
}

export interface Hostile {
	alive: boolean;
	status: string;
	value: string[];
	polluted: boolean;
	megabytesBefore: number;
	megabytesAfter: number;
}

export interface Soak {
	kinds: Record<string, number>;
	latencyRatio: number;
	megabytesRatio: number;
}

export interface Outputs {
	cellsWithLostOutputs: number;
	outputsAfterIdle: number;
}
