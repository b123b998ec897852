import { agnes, type Cluster } from "ml-hclust";
import { expectOptions, type Rules } from "../expect/expect.ts";
import { oneOf, optional } from "../expect/rules.ts";
import { frame, legendOf } from "./frame.ts";
import { type Matrix, readMatrix } from "./matrix.ts";
import { finding, given, strings } from "./options.ts";
import { type Picture, vegaPicture } from "./picture.ts";
import { brief, grey, looks, visible, written } from "./theme.ts";

/** A tree of merges: a leaf has the number of its label, a merge the height (distance) at which its children join. */
export type Merge =
	| { readonly leaf: number }
	| { readonly height: number; readonly children: readonly Merge[] };

/** How `dendrogram` is asked for a picture. */
export interface DendrogramOptions {
	/** The finding: a sentence, or a function that computes it from the tree. */
	title: string | ((tree: Merge) => string);
	/** The name of each leaf. */
	labels: readonly string[];
	/** What is clustered, a vector for each label [labels, size]; distances are Euclidean. */
	vectors?: Matrix;
	/** How far two clusters are apart, default `"average"`: the mean distance of their members (Elman 1990 used this). */
	method?: "average" | "single" | "complete" | "ward";
	/** The tree itself, where merges were found elsewhere. */
	tree?: Merge;
	/** The kind of each leaf (`"noun"`, `"verb"`): branches of one kind alone have its colour, and leaves its mark. */
	kinds?: readonly string[];
}

/** A point of a branch: where among the leaves, at which height, of which kind, and of which line. */
interface Point {
	at: number;
	height: number;
	kind: string | undefined;
	part: number;
}

const rulesOfOptions: Rules<DendrogramOptions> = {
	title: finding,
	labels: strings,
	vectors: optional(given),
	method: optional(oneOf("average", "single", "complete", "ward")),
	tree: optional(given),
	kinds: optional(strings),
};

/**
 * Vectors that are near one another joined first: which words a network treats alike (Elman 1990, figures 7 and 8).
 *
 * Takes `vectors`, which it clusters, or a `tree` of merges.
 * @throws when neither or both are given, and when labels, kinds and leaves do not have the same number.
 */
export function dendrogram(options: DendrogramOptions): Picture {
	const { title, labels, kinds } = expectOptions(
		"dendrogram",
		options,
		rulesOfOptions,
	);
	const tree = readTree(options);
	const order = leaves(tree);
	if (
		order.length !== labels.length ||
		new Set(order).size !== order.length ||
		order.some((leaf) => labels[leaf] === undefined)
	)
		throw new Error(
			`dendrogram: the tree must have each of ${labels.length} labels as a leaf once, got leaves [${order}]`,
		);
	const finding = typeof title === "string" ? title : title(tree);
	const names = order.map((leaf) => visible(labels[leaf]));
	const layer = layers(draw(tree, order, kinds), order, names, kinds);
	const height = rowOf(names) * names.length;
	const top = "leaf" in tree ? 0 : tree.height;
	const text = [
		finding,
		`  ${names.length} leaves, joined at distances up to ${brief(top)}: ${names.join(", ")}`,
	].join("\n");
	return vegaPicture(() => ({
		spec: { ...frame({ title: finding, height, width: 700 }), layer },
		text,
	}));
}

/** The tree that is given, or that of the vectors. */
function readTree({
	labels,
	vectors,
	method = "average",
	tree,
	kinds,
}: DendrogramOptions): Merge {
	if ((vectors === undefined) === (tree === undefined))
		throw new Error(
			"dendrogram: give either vectors, to cluster them, or a tree of merges, not both and not none",
		);
	if (kinds !== undefined && kinds.length !== labels.length)
		throw new Error(
			`dendrogram: kinds must be one for each of ${labels.length} labels, got ${kinds.length}`,
		);
	return (
		tree ?? cluster(readMatrix("dendrogram", vectors as Matrix, labels), method)
	);
}

/** The height of a leaf's row in pixels. */
const rowOf = (names: readonly string[]) => (names.length > 40 ? 12 : 16);

/** The branches, and where leaves are of kinds a mark for each; `names` are those of the leaves in their `order`. */
function layers(
	points: readonly Point[],
	order: readonly number[],
	names: readonly string[],
	kinds: readonly string[] | undefined,
): object[] {
	const groups = [...new Set(kinds ?? [])];
	const { colour, shape } = looks(groups);
	const legend = legendOf(groups, "circle");
	const y = {
		field: "at",
		type: "quantitative",
		title: null,
		scale: { domain: [-0.5, names.length - 0.5], reverse: true, nice: false },
		axis: {
			orient: "right",
			values: names.map((_, i) => i),
			labelExpr: `${JSON.stringify(names)}[datum.value]`,
			labelFontSize: rowOf(names) > 12 ? 11 : 10,
			labelOverlap: false,
			labelLimit: 160,
			ticks: false,
			domain: false,
			grid: false,
			labelPadding: groups.length > 0 ? 9 : 4,
		},
	};
	const x = {
		field: "height",
		type: "quantitative",
		title: "distance at which clusters join",
		scale: { reverse: true, nice: false, domainMin: 0 },
	};
	const branches = {
		data: {
			values: points.map((point) => ({
				...point,
				colour: colour.range[groups.indexOf(point.kind ?? "")] ?? grey,
			})),
		},
		mark: { type: "line", order: false, strokeWidth: 1.6, strokeCap: "square" },
		encoding: {
			x,
			y,
			detail: { field: "part", type: "nominal" },
			color: { field: "colour", type: "nominal", scale: null },
		},
	};
	if (!kinds) return [branches];
	const marks = {
		data: {
			values: order.map((leaf, at) => ({
				at,
				height: 0,
				kind: kinds[leaf],
				label: names[at],
			})),
		},
		mark: { type: "point", filled: true, size: 40, opacity: 1, clip: false },
		encoding: {
			x,
			y,
			color: { field: "kind", type: "nominal", scale: colour, legend },
			shape: { field: "kind", type: "nominal", scale: shape, legend },
			tooltip: [
				{ field: "label", type: "nominal" },
				{ field: "kind", type: "nominal" },
			],
		},
	};
	return [branches, marks];
}

/** The lines of all merges: from each child up to the height of the merge, and across. A merge of one kind alone is of that kind. */
function draw(
	tree: Merge,
	order: readonly number[],
	kinds: readonly string[] | undefined,
): Point[] {
	const points: Point[] = [];
	let part = 0;
	const branch = (merge: Merge): Omit<Point, "part"> => {
		if ("leaf" in merge)
			return {
				at: order.indexOf(merge.leaf),
				height: 0,
				kind: kinds?.[merge.leaf],
			};
		const height = written(merge.height);
		const children = merge.children.map(branch);
		if (
			children.length < 2 ||
			!children.every((child) => child.height <= height)
		)
			throw new Error(
				`dendrogram: a merge must join two branches or more, at a height that is not below theirs, got ${children.length} at height ${merge.height}`,
			);
		const same = new Set(children.map(({ kind }) => kind)).size === 1;
		const kind = same ? children[0].kind : undefined;
		const line = (...ends: { at: number; height: number }[]) => {
			points.push(...ends.map((end) => ({ ...end, kind, part })));
			part++;
		};
		for (const child of children)
			line({ at: child.at, height: child.height }, { at: child.at, height });
		const places = children.map(({ at }) => at);
		const [first, last] = [Math.min(...places), Math.max(...places)];
		line({ at: first, height }, { at: last, height });
		return { at: (first + last) / 2, height, kind };
	};
	branch(tree);
	return points;
}

function leaves(tree: Merge): number[] {
	return "leaf" in tree ? [tree.leaf] : tree.children.flatMap(leaves);
}

/** Agglomerative clustering: the two nearest clusters join, again and again (by ml-hclust). */
function cluster(
	vectors: number[][],
	method: "average" | "single" | "complete" | "ward",
): Merge {
	const wrong = vectors.flat().find((value) => !Number.isFinite(value));
	if (wrong !== undefined)
		throw new Error(`dendrogram: vectors must be finite, got ${wrong}`);
	const merge = ({ isLeaf, index, height, children }: Cluster): Merge =>
		isLeaf ? { leaf: index } : { height, children: children.map(merge) };
	return vectors.length === 1 ? { leaf: 0 } : merge(agnes(vectors, { method }));
}
