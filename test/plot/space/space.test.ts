import {
	animation,
	jupyterDisplay,
	type Picture,
	surface,
	trajectories,
} from "unrolled/plot";
import { describe, expect, test } from "vitest";
import { pixels } from "../helpers.ts";

interface Figure {
	data: Record<string, never>[];
	layout: Record<string, never>;
}

async function shown(picture: Picture) {
	const bundle = await picture[jupyterDisplay]();
	return {
		bundle,
		figure: bundle["application/vnd.plotly.v1+json"] as Figure,
	};
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const bowl = {
	title: "The way leads down",
	x: { axis: "w", values: range(5) },
	y: { axis: { name: "b", unit: "volts" }, values: range(3) },
	z: "loss",
	values: range(3).map((y) => range(5).map((x) => x * x + y)),
};
const states = range(20).map((t) => range(6).map((i) => Math.sin(t * (i + 1))));

const spiral = range(100).map((t) => [
	t * Math.cos(t / 9),
	t * Math.sin(t / 9),
]);
/** A pen and what it has drawn so far. */
const drawing = (from = 1) => ({
	title: "A pen draws",
	x: "x",
	y: "y",
	equal: true,
	frames: range(100)
		.slice(from)
		.map((t) => ({
			name: `step ${t}`,
			series: {
				line: {
					x: spiral.slice(0, t).map(([x]) => x),
					y: spiral.slice(0, t).map(([, y]) => y),
				},
				pen: { x: [spiral[t][0]], y: [spiral[t][1]] },
			},
		})),
});

const pictures: Record<string, () => Picture> = {
	animation: () => animation(drawing()),
	surface: () => surface(bowl),
	"surface with ways": () =>
		surface({
			...bowl,
			paths: {
				slow: { x: [4, 2], y: [2, 1] },
				quick: { x: [4, 0], y: [2, 0] },
			},
		}),
	"surface on a log axis": () =>
		surface({ ...bowl, z: { name: "loss", scale: "log" } }),
	"states by time": () => trajectories({ title: "t", series: { run: states } }),
	"states by symbol": () =>
		trajectories({
			title: "t",
			series: { run: states, other: states.toReversed() },
			symbols: { run: range(20).map((t) => "ab\n "[t % 4]) },
		}),
	"two units": () =>
		trajectories({
			title: "t",
			series: {
				run: [
					[0, 1],
					[1, 0],
				],
			},
		}),
};

describe.each(Object.entries(pictures))("%s", (_, draw) => {
	test("is shown to turn, as a still, and in words", async () => {
		const { bundle } = await shown(draw());
		expect(Object.keys(bundle).sort()).toEqual([
			"application/vnd.plotly.v1+json",
			"image/png",
			"text/plain",
		]);
		const { ink, width, height } = pixels(bundle["image/png"]);
		expect(ink).toBeGreaterThan(0.02);
		expect(width / height).toBeLessThan(2); // no legend beside an empty page
	});
});

test("a way without heights lies on the surface", async () => {
	const { figure, bundle } = await shown(
		surface({ ...bowl, paths: { down: { x: [4, 1.5, 9], y: [2, 0.5, 0] } } }),
	);
	// between (1, 0) and (2, 1): x² is drawn straight from 1 to 4
	expect(figure.data[1].z).toEqual([18, 3, null]);
	expect(bundle["text/plain"]).toBe(
		"The way leads down\n  loss: 0 to 18\n  down: 3 points, from 18 at (4, 2) to NaN at (9, 0)",
	);
});

test("a large surface is thinned, and its numbers are short", async () => {
	const n = 400;
	const { bundle } = await shown(
		surface({
			...bowl,
			x: { axis: "w", values: range(n) },
			y: { axis: "b", values: range(n) },
			values: range(n).map((y) =>
				range(n).map((x) => Math.sin(x / 7) * Math.cos(y / 9)),
			),
		}),
	);
	expect(JSON.stringify(bundle).length).toBeLessThan(300_000);
});

test("what cannot be drawn is a hole", async () => {
	const { figure } = await shown(
		surface({
			...bowl,
			z: { name: "loss", scale: "log" },
			values: [
				[0, 1, 2, 3, 4],
				[1, 1, Infinity, 1, 1],
				[-1, 1, 1, 1, 1],
			],
		}),
	);
	expect(figure.data[0].z).toEqual([
		[null, 1, 2, 3, 4],
		[1, 1, null, 1, 1],
		[null, 1, 1, 1, 1],
	]);
	const holes = [0, 1, 2].map(() => [0, -1, NaN, -2, 0]);
	expect(() =>
		surface({
			...bowl,
			z: { name: "loss", scale: "log" },
			values: holes,
		}),
	).toThrow("surface: there is nothing to draw");
});

test("a way over a surface whose axes fall lies on it as well", async () => {
	const { figure } = await shown(
		surface({
			title: "t",
			x: { axis: "x", values: [2, 1, 0] },
			y: { axis: "y", values: [1, 0] },
			z: "z",
			values: [
				[20, 10, 0],
				[21, 11, 1],
			],
			paths: { way: { x: [2, 0.5, 0, 2.1, -0.1], y: [1, 0.5, 0, 1, 0] } },
		}),
	);
	expect(figure.data[1].z).toEqual([20, 5.5, 1, null, null]);
});

test("trajectories are placed by the principal components of all of them", async () => {
	// four units of which only two directions matter
	const plane = range(30).map((t) => [
		Math.cos(t),
		Math.cos(t),
		0.1 * Math.sin(t),
		0,
	]);
	let share = 0;
	const { figure, bundle } = await shown(
		trajectories({
			title: (shown) => {
				share = shown;
				return "A plane";
			},
			series: { plane },
		}),
	);
	expect(share).toBeCloseTo(1, 6);
	expect(
		Math.max(...(figure.data[0].z as unknown as number[]).map(Math.abs)),
	).toBeLessThan(1e-6);
	expect(bundle["text/plain"]).toMatch(/^A plane\n {2}plane: 30 states/);
});

test("an animation holds its frames, evenly thinned, one ground for all, and a way to play and to choose", async () => {
	const { figure, bundle } = await shown(animation(drawing()));
	const { frames, layout } = figure as unknown as {
		frames: { name: string; data: { x: number[] }[] }[];
		layout: {
			xaxis: { range: [number, number] };
			sliders: { steps: { label: string; args: [[string]] }[] }[];
			updatemenus: { buttons: unknown[] }[];
		};
	};
	expect(frames).toHaveLength(80);
	expect([frames[0].name, frames[79].name]).toEqual(["step 1", "step 99"]);
	expect(layout.sliders[0].steps.map(({ args: [[name]] }) => name)).toEqual(
		frames.map(({ name }) => name),
	);
	expect(layout.updatemenus[0].buttons).toHaveLength(2);
	const [from, to] = layout.xaxis.range;
	for (const { data } of frames)
		for (const { x } of data)
			expect(x.every((v) => from < v && v < to)).toBe(true);
	expect(bundle["text/plain"]).toBe(
		"A pen draws\n  99 frames, step 1 to step 99",
	);
	expect(JSON.stringify(bundle).length).toBeLessThan(300_000);
	expect(() => animation({ title: "t", x: "x", y: "y", frames: [] })).toThrow(
		"animation: frames must hold at least one frame, got none",
	);
});

test("a NaN lifts the pen of an animation, in its frames and in its still", async () => {
	const drawn = (y: number[]) =>
		shown(
			animation({
				title: "t",
				x: "x",
				y: "y",
				frames: [{ name: "all", series: { ink: { x: [0, 1, 2, 3, 4], y } } }],
			}),
		);
	const [lifted, whole] = await Promise.all([
		drawn([0, 0.9, Number.NaN, 0.9, 0]),
		drawn([0, 0.9, 0.9, 0.9, 0]),
	]);
	const { frames } = lifted.figure as unknown as {
		frames: { data: { y: unknown[] }[] }[];
	};
	expect(frames[0].data[0].y).toEqual([0, 0.9, null, 0.9, 0]);
	const ink = ({ bundle }: typeof whole) => pixels(bundle["image/png"]).ink;
	expect(ink(lifted)).toBeLessThan(ink(whole));
});

test("what does not fit is refused in words", () => {
	expect(() => surface({ ...bowl, values: [[1, 2]] })).toThrow(
		"surface: values must be [y=3, x=5], at least 2 of each, got [1, 2]",
	);
	expect(() =>
		surface({ ...bowl, paths: { a: { x: [1], y: [1, 2] } } }),
	).toThrow('surface: path "a" must have as many x as y, got 1, 2');
	expect(() => trajectories({ title: "t", series: {} })).toThrow(
		"trajectories: series must name at least one run, got {}",
	);
	expect(() => trajectories({ title: "t", series: { a: [[1]] } })).toThrow(
		'trajectories: series "a" must be states [T, H] with T ≥ 1 and H ≥ 2, got [1, 1]',
	);
	expect(() =>
		trajectories({ title: "t", series: { a: [[1, Number.NaN]] } }),
	).toThrow('trajectories: series "a" must be finite, got NaN at step 0');
	expect(() =>
		trajectories({ title: "t", series: { a: states }, symbols: { a: ["x"] } }),
	).toThrow(
		'trajectories: symbols of "a" must be one for each of 20 states, got 1',
	);
});
