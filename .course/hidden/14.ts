import type { Hidden } from "../assignment.ts";

export default {
	// through
	"3965cc1a": `[[2, [(x) => x - 3, (x) => x * x, (x) => 2 * x], 3], [1, [(x) => x + 2, (x) => 5 * x, (x) => -x, (x) => x + 1], 2]]`,
	// alongHighway
	f16cf92a: [
		[
			-0.5,
			[
				{ ug: 0.7, bg: -0.3, ut: 1.2, bt: 0.4 },
				{ ug: 1.1, bg: 0, ut: -0.6, bt: -2 },
				{ ug: -0.9, bg: 0.5, ut: 0.3, bt: 0 },
			],
		],
	],
	// startingBias
	d0163d9e: [
		[0.7, 3],
		[0.1, 16],
	],
} satisfies Hidden;
