import type { Hidden } from "../assignment.ts";

export default {
	// finishes
	bddfff95: [[2], [5]],
	// atTheWheel
	d59583c8: `[[(picture, state = "s") => ({ action: picture + state.length, state: picture + state }), ["x", "yy", "z"]]]`,
	// corrections
	"99e557ad": [
		[
			{
				places: ["a", "b", "c"],
				pressed: ["1", "2", "3"],
				advice: ["3", "2", "1"],
				rows: 2,
			},
		],
		[{ places: ["u"], pressed: ["4"], advice: ["5"], rows: 1 }],
	],
} satisfies Hidden;
