import type { Hidden } from "../assignment.ts";

export default {
	// perplexity
	"45042d6e": [[0.7], [3.2]],
	// nucleus
	"0a41f8ed": [
		[[0.3, 0.05, 0.4, 0.25], 0.6],
		[[0.2, 0.5, 0.3], 0.45],
	],
	// bitsPerWord
	c320cc11: [
		[1.8, 5],
		[3, 2],
	],
} satisfies Hidden;
