import type { Hidden } from "../assignment.ts";

export default {
	// errorSignal
	signal: [
		[-0.3, 0.8, -0.7, 1.4, 0.5],
		[0.9, -0.2, 0.6, -1.1, 0.3],
	],
	// gradientOfU
	share: [
		[
			[0.4, -0.6, 0.9],
			[1, 0.5],
		],
		[
			[-0.8, 0.2, 0.3, -0.1, 0.6],
			[0.7, -2, 1.5, 0.4],
		],
	],
	// reach
	reach: [
		[7, 3],
		[10, 5],
		[3, 3],
	],
} satisfies Hidden;
