import { follow, type MimeBundle } from "unrolled/plot";
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
		"The loss goes from 3 to 2 nats in 2 of 9 steps",
	);
});
