import type { Hidden } from "../assignment.ts";

export default {
	// seasonal
	de5cc730: [
		[[4, 8, 1, 3, 6], 2, 4],
		[[9, 2, 7, 5, 1, 8, 3], 4, 3],
	],
	// pinball
	"6036e9ba": [
		[3, 5, 0.3],
		[7, 2, 0.75],
	],
	// coverage
	baeb993d: [
		[
			[0, 2, 4],
			[1, 3, 9],
			[0.5, 5, 4],
		],
		[
			[1, 1, 1, 1],
			[2, 2, 2, 2],
			[0, 3, 1.5, 7],
		],
	],
} satisfies Hidden;
