import type { Hidden } from "../assignment.ts";

export default {
	// bag
	"0bc6844d": [
		[
			["so", "not", "so", "bad"],
			["not", "so", "fine", "bad", "x"],
		],
		[[], ["a", "b"]],
	],
	// meanState
	"4dde5a95": [
		[
			[
				[2, 4, 6],
				[4, 0, 1],
				[9, 9, 9],
			],
			1,
		],
		[[[1], [2], [6], [5]], 3],
	],
	// shares
	d3e733d0: [
		[[0.5, -1, 2, 0.3], 3],
		[[2, 0], 1],
	],
} satisfies Hidden;
