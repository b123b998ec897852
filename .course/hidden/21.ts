import type { Hidden } from "../assignment.ts";

export default {
	// rightCaptions
	"6b77c2de": [
		[0.7, 0.95, 3],
		[0.5, 0.5, 1],
	],
	// covered
	"3decfcc1": `((picture: number[][]): [number[][], number, number][] => [[picture, 1, 0], [picture, 2, 2]])(
  Array.from({ length: 24 }, (_, y) => Array.from({ length: 24 }, (_, x) => 1 + ((3 * y + x) % 5))),
)`,
	// placesSeen
	"49a81637": [
		[[0.1, 0.1, 0.4, 0, 0.1, 0.1, 0.2, 0, 0]],
		[[0, 0, 0, 0.2, 0, 0, 0.3, 0.5, 0]],
	],
} satisfies Hidden;
