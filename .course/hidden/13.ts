import type { Hidden } from "../assignment.ts";

export default {
	// shortestAndLongest
	"869eda98": [
		[2, 9],
		[5, 1],
	],
	// deepStep
	"5a292c26": [[-0.6, 0.9, { w: 1.3, u1: -0.4, u2: 1.1, s: -0.7 }]],
	// weightsOfStack
	"4ec59381": [
		[1, 4, 6],
		[4, 9, 2],
	],
} satisfies Hidden;
