import { expect, test } from "vitest";
import { indexed } from "../../lib/plot/palette.ts";

/** Pixels of these colours, each red, green, blue and opacity. */
const image = (...colours: number[][]) => Uint8Array.from(colours.flat());
const drawn = ({ colours, indices }: ReturnType<typeof indexed>) =>
	[...indices].map((at) => colours[at]);

test("an image of few colours keeps each of them", () => {
	const [white, red, clear] = [
		[255, 255, 255, 255],
		[200, 0, 0, 255],
		[0, 0, 0, 0],
	];
	const pixels = [white, white, red, clear, white, red];
	const made = indexed(image(...pixels));
	expect(made.colours).toHaveLength(3);
	expect(drawn(made)).toEqual(pixels);
});

test("an image of a thousand colours is drawn with 256 of its own, near those it had, and its white stays white", () => {
	const ramp = Array.from({ length: 1000 }, (_, i) => [
		Math.floor(i / 4),
		255 - Math.floor(i / 8),
		i % 7,
		255,
	]);
	const ground = Array.from({ length: 5000 }, () => [255, 255, 255, 255]);
	const almost = [254, 253].map((grey) => [255, grey, 255, 255]);
	const pixels = [...ground, ...ramp, ...almost];
	const made = indexed(image(...pixels));
	expect(made.colours).toHaveLength(256);
	const own = new Set(pixels.map(String));
	expect(made.colours.map(String).filter((one) => !own.has(one))).toEqual([]);
	const seen = drawn(made);
	expect(seen.slice(0, 5000)).toEqual(ground);
	const off = seen.flatMap((colour, at) =>
		colour.map((value, channel) => Math.abs(value - pixels[at][channel])),
	);
	expect(Math.max(...off)).toBeLessThanOrEqual(6);
});
