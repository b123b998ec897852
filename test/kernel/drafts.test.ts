import { expect, test } from "vitest";
import type { Received } from "./client.ts";
import { begin, sleep, start } from "./running.ts";

/** Ways in which a training ends before `finish`; each goes on for ever, or throws, after step 7. */
const ends = {
	"an interrupt of an await": "await new Promise(() => {})",
	"an interrupt of a busy loop": "for (;;);",
	"an error": 'await null; throw new Error("the loss is NaN")',
};

const prelude = `
import { display } from "@unrolled/kernel";
import { follow, lineChart, live, progressBar } from "unrolled/plot";`;

/** The last bundle under each id of a cell, in the order in which they first came. */
function lastOfEach(outputs: readonly Received[]) {
	const last = new Map<string, Record<string, unknown>>();
	for (const { type, content } of outputs)
		if (type === "display_data" || type === "update_display_data") {
			const { display_id } = content.transient as { display_id: string };
			last.set(display_id, content.data as Record<string, unknown>);
		}
	return [...last.values()];
}

test("however a training ends, the finished pictures of what was reached stay, and the bar says where it stopped", async () => {
	const kernel = await start();
	await kernel.run(prelude);
	for (const [name, end] of Object.entries(ends)) {
		const id = await begin(
			kernel,
			`
			const bar = progressBar({ steps: 100 });
			const chart = lineChart({ title: "t", x: "step", y: "loss", series: { loss: [] } });
			const empty = lineChart({ title: "none", x: "step", y: "loss", series: { loss: [] } });
			const screen = live(display, chart, bar, empty);
			for (let step = 1; step < 8; step++) {
				chart.add(step, { loss: 1 / step });
				bar.update({ step, loss: 1 / step });
				screen.refresh();
			}
			${end}`,
		);
		if (name !== "an error") {
			await sleep(100);
			await kernel.request("control", "interrupt_request", {});
		}
		const { error, outputs } = await kernel.end(id);
		expect(error, name).toBeDefined();
		const [drawn, bar, empty] = lastOfEach(outputs);
		expect(bar["text/plain"], name).toMatch(
			/ stopped at step 7 of 100 · after [\d.]+ s · /,
		);
		expect(bar["text/plain"], name).not.toContain("left");
		expect(String(drawn["image/png"]).length, name).toBeGreaterThan(1000);
		expect(String(empty["image/png"]).length, name).toBeLessThan(100); // there is nothing to draw, and the draft stays
	}
});

test("follow leaves its pictures after an interrupt, too", async () => {
	const kernel = await start();
	await kernel.run(prelude);
	const id = await begin(
		kernel,
		`
		async function* training() {
			for (let step = 1; ; step++) {
				yield { step, loss: 1 / step, gradientNorm: 1 };
				await new Promise((done) => setTimeout(done, 5));
			}
		}
		await follow(display, training(), { steps: 1e6, sample: () => "it writes" })`,
	);
	await sleep(400);
	await kernel.request("control", "interrupt_request", {});
	const { outputs } = await kernel.end(id);
	const [losses, norms, bar, sample] = lastOfEach(outputs);
	expect(String(losses["image/png"]).length).toBeGreaterThan(1000);
	expect(String(norms["image/png"]).length).toBeGreaterThan(1000);
	expect(bar["text/plain"]).toMatch(/ stopped at step \d+ of 1000000 /);
	expect(sample["text/plain"]).toBe("it writes");
	expect((await kernel.run("1")).error).toBeUndefined();
});

test("what was finished, and what an earlier cell left, stays as it is when a cell fails", async () => {
	const kernel = await start();
	await kernel.run(prelude);
	await kernel.run('display("draft", { id: "earlier", stopped: "final" })');
	const { outputs } = await kernel.run(`
		display("draft", { id: "mine", stopped: "final" });
		display("done", { id: "mine" });
		display("draft", { id: "other", stopped: "final" });
		throw new Error()`);
	expect(lastOfEach(outputs).map((data) => data["text/plain"])).toEqual([
		"'done'",
		"'final'",
	]);
});
