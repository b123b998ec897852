import type { Hidden } from "../assignment.ts";

export default {
	// look
	"1f050160": [
		[
			[0.2, -1, 1.5],
			[
				[1, 2],
				[3, -1],
				[0, 5],
			],
		],
		[
			[1, 1],
			[[7], [3]],
		],
	],
	// precision
	"5540ae48": [
		[
			["a", "b", "a", "a"],
			["a", "a", "c"],
		],
		[["x"], ["x", "y"]],
	],
	// winner
	a39fb951: [
		[
			[
				{ logP: -5, length: 6 },
				{ logP: -4, length: 3 },
				{ logP: -6, length: 9 },
			],
			0.7,
		],
		[
			[
				{ logP: -2, length: 2 },
				{ logP: -1.9, length: 1 },
			],
			0.5,
		],
	],
} satisfies Hidden;
