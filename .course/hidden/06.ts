import type { Hidden } from "../assignment.ts";

export default {
	// clip
	clip: [
		[[9, 12, 0], 3],
		[[0.2, -0.1], 1],
		[[-3, 4], 2],
	],
	// turn
	turn: [
		[2, 5, 3],
		[1, 1.5, 2],
	],
	// globalNorm
	"global-norm": [
		[[[3], [0, -6, 2]]],
		[
			[
				[1, -1],
				[1, 1],
			],
		],
	],
} satisfies Hidden;
