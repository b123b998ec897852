import type { Hidden } from "../assignment.ts";

export default {
	// waiting
	b232094e: [
		[7, 2, 6],
		[1, 9, 4],
	],
	// windowAt
	"51a39bc2": [
		[[5, 8, 2, 9], 2, 2],
		[[5, 8, 2, 9], 1, 4],
	],
	// joined
	"7556b435": [
		[
			{ f: 0.9, b: -1 },
			{ f: 0.3, b: 2 },
		],
		[
			{ f: 0.25, b: 4 },
			{ f: 0.8, b: 0 },
		],
	],
} satisfies Hidden;
