import {
	jupyterDisplay,
	lineChart,
	live,
	type MimeBundle,
	progressBar,
} from "unrolled/plot";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
	vi.useRealTimers();
});

const pass = (milliseconds: number) =>
	vi.setSystemTime(Date.now() + milliseconds);
const text = (bundle: MimeBundle) => bundle["text/plain"] as string;

function page() {
	const shown: { id: string; bundle: MimeBundle }[] = [];
	return {
		shown,
		display: (bundle: MimeBundle, { id }: { id: string }) =>
			shown.push({ id, bundle }),
	};
}

test("pictures are shown at once, then at most four times a second, each in its place", () => {
	const { shown, display } = page();
	const bar = progressBar({ steps: 100 });
	const screen = live(display, bar, progressBar({ steps: 10 }));
	expect(shown).toHaveLength(2);
	for (let step = 1; step <= 100; step++) {
		pass(10);
		bar.update({ step });
		screen.refresh();
	}
	expect(shown).toHaveLength(2 + 2 * 4);
	expect(new Set(shown.map(({ id }) => id)).size).toBe(2);
	expect(text(shown[8].bundle)).toContain("100 of 100");
});

test("pictures that take long to draw are drawn less often: in a fortieth of the time", () => {
	const { shown, display } = page();
	const slow = (bundle: MimeBundle, options: { id: string }) => {
		pass(20);
		display(bundle, options);
	};
	const screen = live(slow, progressBar({ steps: 1 }));
	for (let t = 0; t < 1600; t += 10) {
		pass(10);
		screen.refresh();
	}
	expect(shown).toHaveLength(1 + 2);
});

test("two runs do not draw over each other", () => {
	const { shown, display } = page();
	live(display, progressBar({ steps: 1 }));
	live(display, progressBar({ steps: 1 }));
	expect(shown[0].id).not.toBe(shown[1].id);
});

test("drafts carry no drawn PNG, the finished picture does", async () => {
	const { shown, display } = page();
	const chart = lineChart({ title: "t", x: "x", y: "y", series: { a: [] } });
	const screen = live(display, chart);
	chart.add(0, { a: 1 });
	await screen.finish();
	expect(
		shown.map(({ bundle }) => String(bundle["image/png"]).length > 1000),
	).toEqual([false, true]);
	expect(shown[1].id).toBe(shown[0].id);
});

test("there must be something to show", () => {
	expect(() => live(() => {})).toThrow(
		"live: there must be at least one picture",
	);
});

test("a progress bar says the step, the time left and the loss, in text and in HTML", () => {
	const bar = progressBar({ steps: 400 });
	expect(text(bar.draft())).toBe("[░░░░░░░░░░░░░░░░░░░░] 0 of 400 steps");
	pass(30_000);
	bar.update({ step: 100, loss: 2.34567 });
	expect(text(bar.draft())).toBe(
		"[█████░░░░░░░░░░░░░░░] step 100 of 400 · 1 min 30 s left · 3.3 steps a second · loss 2.346",
	);
	expect(bar.draft()["text/html"]).toMatch(
		/<progress max="400" value="100"[^>]*><\/progress> step 100 of 400 · 1 min 30 s left · 3.3 steps a second · loss 2\.346/,
	);
	pass(5_400_000);
	bar.update({ step: 400, loss: Number.NaN });
	expect(text(bar.draft())).toBe(
		"[████████████████████] step 400 of 400 · done in 1 h 30 min · 0.074 steps a second · loss NaN",
	);
});

test("the finished bar of a training that was stopped says where, not what is left", async () => {
	const bar = progressBar({ steps: 400 });
	pass(30_000);
	bar.update({ step: 152, loss: 2 });
	const { "text/plain": said } = await bar[jupyterDisplay]();
	expect(said).toBe(
		"[███████░░░░░░░░░░░░░] stopped at step 152 of 400 · after 30 s · 5.1 steps a second · loss 2.000",
	);
});

test("a progress bar refuses steps it does not have", () => {
	expect(() => progressBar({ steps: 0 })).toThrow(
		"progressBar: steps must be a whole number ≥ 1, got 0",
	);
	expect(() => progressBar({ steps: 5 }).update({ step: 6 })).toThrow(
		"progressBar: step must be from 0 to 5, got 6",
	);
});
