/**
 * How arguments are checked, here and in packages that build on this one. Re-exports, nothing else.
 * @module
 */
export { expectOptions, expectValue, type Rules } from "./expect.ts";
export { expectList } from "./lists.ts";
export {
	flag,
	list,
	oneOf,
	optional,
	type Rule,
	size,
	source,
	text,
	whole,
} from "./rules.ts";
