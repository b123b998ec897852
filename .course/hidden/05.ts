import type { Hidden } from "../assignment.ts";

export default {
	// left
	left: [
		[0.9, 0.8, 5],
		[1.6, 0.5, 2],
	],
	// deviation
	glorot: [
		[12, 20],
		[100, 3],
	],
	// stepsUntil
	"steps-until": [
		[0.05, 0.7],
		[0.3, 0.95],
	],
} satisfies Hidden;
