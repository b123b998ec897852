import type { Hidden } from "../assignment.ts";

export default {
	// dropped
	"400b5f42": [
		[[3, -6, 9, 1], [0.3, 0.49, 0.51, 0.9], 0.5],
		[[4], [0.05], 0.1],
	],
	// lost
	a0e1a149: [
		[0.5, 3],
		[0.05, 40],
	],
	// zonedMean
	"58261ad1": [
		[-2, 6, 0.4],
		[1, 0, 0.9],
	],
} satisfies Hidden;
