import {
	additiveAttention,
	attending,
	bidirectional,
	chain,
	dense,
	dotAttention,
	elman,
	embedding,
	encoderDecoder,
	gru,
	lstm,
	networkGraph,
	random,
	residualStack,
	unroll,
	zeros,
} from "unrolled";
import { networkDiagram } from "unrolled/plot";
import { describe, expect, test } from "vitest";
import { behind, overlaps, svgOf } from "./svg.ts";

const H = 4;
const seed = random(1);
const sizes = { inputs: H, hidden: H, random: seed };
const words = () => embedding({ tokens: 5, size: H, random: seed });
const scores = (inputs = H) => dense({ inputs, outputs: 5, random: seed });
const model = chain(words(), unroll(elman(sizes)), scores());

test("a language model unrolled: a column for each step, its letters, what it reads and what it expects", async () => {
	const { texts, boxes, bundle } = await svgOf(
		networkDiagram(networkGraph(model, [[1], [2]]), {
			title: "The same layers at every step",
			inputs: ["w", "h"],
			outputs: ["h?", "a?"],
		}),
	);
	const step = (t: number) => [`x${t}`, `h${t}`, `y${t}`];
	const layers = ["embedding", "elman", "dense", "W", "U"];
	expect([...texts].sort()).toEqual(
		[
			"The same layers at every step",
			"h0",
			...["w", "h", "h?", "a?"],
			...[1, 2].flatMap(step),
			...layers,
			...layers,
		].sort(),
	);
	const middles = boxes.map(({ x, width }) => Math.round(x + width / 2));
	expect(new Set(middles).size).toBe(2);
	expect(bundle["text/plain"]).toContain(
		"elman h2 reads embedding (step 2), elman h1",
	);
});

const ids = [[1], [2], [3]];
const pair = { source: ids, target: [[0], [1]] };
const drawings = {
	elman: () => networkGraph(model, ids),
	"two directions": () =>
		networkGraph(
			chain(
				words(),
				bidirectional({
					forward: unroll(gru(sizes)),
					backward: unroll(gru(sizes)),
				}),
				scores(2 * H),
			),
			ids,
		),
	residual: () =>
		networkGraph(
			residualStack([unroll(lstm(sizes)), unroll(lstm(sizes))]),
			zeros([3, 1, H]),
		),
	attention: () =>
		networkGraph(
			encoderDecoder({
				encoder: chain(words(), unroll(gru(sizes))),
				decoder: chain(words(), unroll(gru(sizes))),
				output: scores(2 * H),
				attention: dotAttention(),
			}),
			pair,
		),
	"attention inside the steps": () => {
		const known = words();
		const looking = gru({ inputs: 2 * H, hidden: H, random: seed });
		return networkGraph(
			encoderDecoder({
				encoder: chain(words(), unroll(gru(sizes))),
				decoder: (attend) =>
					chain(known, unroll(attending(looking, { attend, inputs: H }))),
				output: scores(),
				attention: additiveAttention({
					queries: H,
					memory: H,
					hidden: 2,
					random: seed,
				}),
			}),
			{ source: ids, target: [[0], [1], [2]] },
		);
	},
};

describe.each(Object.entries(drawings))("%s", (_, draw) => {
	test("boxes do not lie on one another, and each node is drawn", async () => {
		const graph = draw();
		const { boxes } = await svgOf(networkDiagram(graph));
		const works = ["cell", "layer", "operation"];
		expect(boxes).toHaveLength(
			graph.nodes.filter(({ kind }) => works.includes(kind)).length,
		);
		expect(overlaps(boxes)).toEqual([]);
	});

	test("no line passes behind a box", async () => {
		const { boxes, lines } = await svgOf(networkDiagram(draw()));
		expect(lines.length).toBeGreaterThan(boxes.length - 1);
		expect(behind(boxes, lines)).toEqual([]);
	});
});

test("a network of too many steps is refused", () => {
	const long = Array.from({ length: 40 }, () => [1]);
	expect(() => networkDiagram(networkGraph(model, long))).toThrow(
		"networkDiagram: wanted at most 120 nodes, which can be read, got 201; take fewer steps",
	);
});
