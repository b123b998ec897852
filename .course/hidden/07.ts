import type { Hidden } from "../assignment.ts";

export default {
	// padded
	ca3f26b3: [
		[[3, 0, 1, 8], 6, 4],
		[[2, 9, 4], 2, 7],
	],
	// meanLoss
	f0c3d948: [
		[
			[
				[2, 4],
				[5, 1],
				[8, 90],
			],
			[2, 2, 1],
		],
		[[[0.5, 7, 9]], [1]],
	],
} satisfies Hidden;
