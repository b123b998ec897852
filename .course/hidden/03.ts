import type { Hidden } from "../assignment.ts";

export default {
	// contextAfter
	faf92e6c: [
		[[0.3, -1, 0.6], 0.5],
		[[2, 1, 4, 0, 3], 0.8],
	],
	// addedBefore
	e8884ab5: [
		[1, [0.3, 0.9, 0.1], [0.8, 0.6, 1], true],
		[3, [0.3, 0.9, 0.1, 0.4], [0.8, 0.6, 1, 0], false],
	],
	// weightsOfJordan
	"824e2550": [
		[3, 7, 4],
		[1, 9, 2],
	],
} satisfies Hidden;
