import type { Hidden } from "../assignment.ts";

export default {
	// nextState
	f0237448: [
		[-0.9, 0.3, 1.1, -0.7, 0.2],
		[0, 0.8, 1.3, 0.6, -0.4],
	],
	// strengthOfMemory takes no arguments: its check tries the answer itself.
	db5148bd: [],
	// bestLoss
	"20bc6d79": [[[0.7, 0.1, 0.2]], [[0.6, 0, 0.4]]],
} satisfies Hidden;
