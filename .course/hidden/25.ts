import type { Hidden } from "../assignment.ts";

export default {
	// gradientOfLeft
	"1880cf4f": [
		[
			[0, 0.5, 0.1, -0.3, 0.8, -0.4],
			[0, -0.7, 0.6, 0.2, 0.9, 0.3],
		],
	],
	// depth
	"00800e4a": `((leaf: Tree, join: (...children: (Tree | null)[]) => Tree) => [
    [join(leaf, leaf)],
    [join(join(null, join(leaf, leaf)), leaf)],
    [join(join(leaf, leaf), join(leaf, join(join(leaf, leaf), leaf)))],
  ] as [Tree][])({ label: 0 }, (...children) => ({ label: 1, children }))`,
	// sharedSignal
	"85a4a18a": [
		[
			-0.3,
			[
				{ delta: 0.9, u: -0.6 },
				{ delta: 0.4, u: 1.1 },
			],
		],
		[0.5, [{ delta: -1, u: 0.7 }]],
	],
} satisfies Hidden;
