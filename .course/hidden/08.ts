import type { Hidden } from "../assignment.ts";

export default {
	// scaleFor
	"1cf1cee6": [
		[0.1, 7],
		[0.9, 30],
	],
	// chanceOfMean
	"6c265daf": [[2], [10]],
	// adder takes no arguments: its check tries the answer itself.
	"158bb246": [],
} satisfies Hidden;
