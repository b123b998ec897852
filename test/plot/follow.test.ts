import {
	follow,
	forecastChart,
	type MimeBundle,
	timeline,
} from "unrolled/plot";
import { expect, test } from "vitest";
import { spec } from "./helpers.ts";

const page = () => {
	const shown = new Map<string, MimeBundle>();
	const display = (bundle: MimeBundle, { id }: { id: string }) => {
		shown.set(id, bundle);
	};
	return { shown, display };
};

async function* training(losses: number[]) {
	for (const [i, loss] of losses.entries()) {
		if (Number.isNaN(loss)) throw new Error("the loss is NaN");
		yield { step: i + 1, loss, gradientNorm: loss / 10 };
	}
}

test("a training is followed in place, and its finished pictures stay", async () => {
	const { shown, display } = page();
	const seen: number[] = [];
	const reports = await follow(display, training([3, 2, 1]), {
		steps: 3,
		clip: 0.15,
		title: (all) => `Done after ${all.length}`,
		sample: () => `it writes ${seen.length}`,
		each: ({ step }) => seen.push(step),
	});
	expect(reports.map(({ loss }) => loss)).toEqual([3, 2, 1]);
	expect(seen).toEqual([1, 2, 3]);
	const [losses, norms, bar, sample] = [...shown.values()];
	expect(shown.size).toBe(4);
	expect(spec(losses).title.text).toEqual(["Done after 3"]);
	expect(spec(norms).title.text.join(" ")).toContain("between 0.1 and 0.3");
	expect([losses, norms].every((bundle) => "image/png" in bundle)).toBe(true);
	expect(bar["text/plain"]).toContain("step 3 of 3");
	expect(sample["text/plain"]).toBe("it writes 3");
});

test("after an error the picture of what was reached stays, and the error goes on", async () => {
	const { shown, display } = page();
	await expect(
		follow(display, training([3, 2, Number.NaN]), { steps: 9 }),
	).rejects.toThrow("the loss is NaN");
	const [losses] = shown.values();
	expect("image/png" in losses).toBe(true);
	expect(spec(losses).title.text.join(" ")).toBe(
		"The loss goes from 3 to 2 nats in 2 steps",
	);
});

test("a forecast shows the quantiles of its futures, worked by hand", () => {
	const chart = forecastChart({
		title: "t",
		x: "x",
		y: "y",
		past: [0, 1],
		at: [2],
		samples: [[0], [1], [2], [3], [4]],
		intervals: [0.5],
	});
	expect(chart.lines.forecast.y).toEqual([2]);
	expect(spec(chart.draft()).layer[0].data.values).toEqual([
		{ x: 2, low: 1, high: 3 },
	]);
	const wrong = (options: object) => () =>
		forecastChart({
			title: "t",
			x: "x",
			y: "y",
			past: [0],
			at: [1],
			samples: [[1, 2]],
			...options,
		});
	expect(wrong({})).toThrow("one for each x of at, got 2 numbers in [0]");
	expect(wrong({ samples: [] })).toThrow("one for each x of at, got 0");
	expect(wrong({ samples: [[1]], intervals: [90] })).toThrow(
		"intervals must be shares between 0 and 1, got 90",
	);
});

test("spans of a timeline run forwards", () => {
	const draw = (from: number, to: number) => () =>
		timeline({
			title: "t",
			x: "x",
			rows: { a: [{ from, to, name: "n" }] },
		});
	expect(draw(2, 1)).toThrow(
		'timeline: row "a": "n" must run from a number to a greater one, got 2 to 1',
	);
	expect(draw(1, 2)().draft()["text/plain"]).toBe("t\n  a: n 1 to 2");
});
