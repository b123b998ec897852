import type { Hidden } from "../assignment.ts";

export default {
	// nextState
	"940fbc9c": [
		[{ x: -0.4, h: 0.9, r: 0.7, z: 0.25, w: 0.8, u: -1.5, b: 0.3 }],
		[{ x: 1, h: 0.2, r: 0, z: 0.5, w: -2, u: 1, b: 0 }],
	],
	// unitsFor
	"86753eb7": [
		[1000, 4],
		[300, 1],
		[57, 10],
	],
	// minimalStep: its check asks for its gradients, which cannot leave the student's kernel.
	"90fc333d": "with the student",
} satisfies Hidden;
