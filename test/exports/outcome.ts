import { expect } from "vitest";
import type { Row } from "./table.ts";

/** What comes of a call: its result, or what it threw. */
export async function outcome(
	call: Row["call"],
	given: readonly unknown[],
): Promise<{ error?: unknown }> {
	try {
		await call(...(given as never[]));
		return {};
	} catch (error) {
		return { error };
	}
}

/** @throws unless it is an error of the library's own: one that names a place and goes on in words. */
export function expectOwn(error: unknown, place: string): void {
	const shown = `${place}: ${error}`;
	expect((error as Error)?.constructor?.name, shown).toBe("Error");
	expect((error as Error).message, place).toMatch(/^[\w(), .]+(: | [a-z])/);
	expect((error as Error).message, place).not.toMatch(
		/undefined \(reading|is not (a function|iterable|defined)|Cannot|\[object /,
	);
}
