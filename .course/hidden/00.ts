import type { Hidden } from "../assignment.ts";

export default {
	// bits
	bits: [[2.3], [0.05]],
	// elmanSize
	"elman-size": [
		[4, 7],
		[1, 1],
	],
	// probabilities
	heat: [
		[[1, 2, 4], 2],
		[[-3, 0.5], 0.25],
	],
} satisfies Hidden;
