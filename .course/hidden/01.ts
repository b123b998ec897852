import type { Hidden } from "../assignment.ts";

export default {
	// slopeOfSigma
	"sigma-slope": [[-1.3], [0.4]],
	// safeSoftmax
	"safe-softmax": [[[3, 5, 4]], [[-900, -905, -902]]],
	// gradientOfW
	gradient: [
		[-1.7, 0.6, 0.9],
		[0.4, 2, -3],
	],
	// recall
	recall: [
		[
			[
				[5, 1, 4],
				[2, 7, 1],
				[0, 3, 9],
			],
			0,
		],
		[
			[
				[5, 1, 4],
				[2, 7, 1],
				[0, 3, 9],
			],
			2,
		],
	],
} satisfies Hidden;
