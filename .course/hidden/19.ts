import type { Hidden } from "../assignment.ts";

export default {
	// forced
	"6e36b90a": [
		[[3, 3, 9, 4], 8, 2],
		[[6], 0, 1],
	],
	// logProbability
	"9c2ba44c": [
		[
			[
				[0.2, 0.8],
				[0.7, 0.3],
			],
			[1, 1],
		],
		[[[0.5, 0.25, 0.25]], [2]],
	],
	// rightBefore
	"5f6ab537": [
		["hello", "help"],
		["x", "y"],
		["abcd", "ab"],
	],
} satisfies Hidden;
