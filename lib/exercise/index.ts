/**
 * Checks for the exercises of a lesson, and for what it finds. Re-exports, nothing else.
 * @module
 */
export {
	check,
	near,
	notAnswered,
	type Part,
	part,
	type Verdict,
} from "./check.ts";
export { type Finding, finding } from "./finding.ts";
export { hidden } from "./hidden.ts";
