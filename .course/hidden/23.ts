import type { Hidden } from "../assignment.ts";

export default {
	// weightsOfParity takes no arguments: its check tries the answer itself.
	"6aefd0d5": [],
	// pushBinary
	"35b00f1b": [
		[0.75, 0],
		[0.3125, 1],
	],
	// reaches
	f41e9cdc: [
		[[true, false, true, true]],
		[[true, true, true, true, false]],
		[[]],
	],
} satisfies Hidden;
