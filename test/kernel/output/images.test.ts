import { lineChart } from "unrolled/plot";
import { expect, test } from "vitest";
import { metadataOf } from "../../../kernel/output/images.ts";

const DISPLAY = Symbol.for("Jupyter.display");

async function picture() {
	const chart = lineChart({
		title: "t",
		x: "x",
		y: "y",
		series: { a: [1, 2] },
	});
	const show = (chart as never)[DISPLAY] as () => Promise<
		Record<string, string>
	>;
	return show.call(chart);
}

test("a picture of the library's is shown at its own size, not at that of its dense pixels", async () => {
	const bundle = await picture();
	const png = Buffer.from(bundle["image/png"], "base64");
	const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
	expect(metadataOf(bundle)).toEqual({
		"image/png": {
			width: Math.round(width / 1.5),
			height: Math.round(height / 1.5),
		},
	});
});

test.each([
	["no picture", { "text/plain": "1" }],
	["no PNG", { "image/png": Buffer.from("GIF89a").toString("base64") }],
	["not even base64", { "image/png": "∞" }],
	["an object", { "image/png": {} }],
	[
		"a PNG that does not say its density",
		{
			"image/png":
				"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
		},
	],
])("%s has no metadata", (_, bundle) => {
	expect(metadataOf(bundle)).toEqual({});
});

test("a PNG that is cut off, or whose density is zero, has none", async () => {
	const whole = Buffer.from((await picture())["image/png"], "base64");
	for (let length = 0; length < 60; length++) {
		const cut = whole.subarray(0, length).toString("base64");
		expect(() => metadataOf({ "image/png": cut })).not.toThrow();
	}
	const zero = Buffer.from(whole);
	zero.fill(0, 41, 49);
	expect(metadataOf({ "image/png": zero.toString("base64") })).toEqual({});
});
