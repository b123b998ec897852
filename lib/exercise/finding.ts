import { environment } from "../backend/platform.ts";
import { expectValue } from "../expect/expect.ts";
import { flag, text } from "../expect/rules.ts";
import { line, Sentence } from "./line.ts";

/** What a notebook shows of a finding. */
export interface Finding {
	/** Whether it holds with the numbers of this run. */
	readonly holds: boolean;
	toString(): string;
}

/**
 * States what a lesson found: one sentence with its figures, and whether it holds.
 *
 * ```ts
 * finding(`The network's loss, ${loss.toFixed(2)} nats, is below the bigram's, ${bigram.toFixed(2)}.`, loss < bigram)
 * ```
 *
 * Where a reader has changed a number and it no longer holds, it says so, and the notebook goes on. Where the notebook is run as a
 * test it is an error: with `CI` in the environment, which every CI service sets, and in pytest (nbmake).
 * @throws a `FindingFailed` with the sentence, where it does not hold and the notebook is run as a test.
 */
export function finding(sentence: string, holds: boolean): Finding {
	expectValue("finding", "the sentence", sentence, text);
	expectValue("finding", "whether it holds", holds, flag);
	if (!holds && isTest())
		throw new Sentence("FindingFailed", `this does not hold: ${sentence}`);
	return {
		holds,
		...line(
			holds
				? `✓ ${sentence}`
				: `✗ With what was changed, this no longer holds: ${sentence}`,
		),
	};
}

function isTest(): boolean {
	const ci = environment("CI") ?? "";
	return (
		!["", "0", "false"].includes(ci) ||
		environment("PYTEST_CURRENT_TEST") !== undefined
	);
}
