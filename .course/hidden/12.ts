import type { Hidden } from "../assignment.ts";

export default {
	// sideBySide
	d62bf5cf: [
		[
			[[1], [2], [3]],
			[[7], [8], [9]],
		],
	],
	// turned
	"38322522": [
		[[4, 9, 2, 7, 0], 4],
		[[3, 0, 0], 1],
		[[8, 6], 2],
	],
	// commonest
	d917c8f7: [
		[
			[
				["a", "X"],
				["a", "Y"],
				["b", "X"],
				["a", "Y"],
			],
			"a",
			"Z",
		],
		[[["b", "X"]], "c", "Z"],
		[[["b", "Q"]], "b", "Z"],
	],
} satisfies Hidden;
