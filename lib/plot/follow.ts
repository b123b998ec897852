import { expectOptions, type Rules } from "../expect/expect.ts";
import { callable, optional, positive, text, whole } from "../expect/rules.ts";
import { lineChart } from "./line-chart.ts";
import { type Display, live } from "./live.ts";
import { scale } from "./options.ts";
import { jupyterDisplay, type Picture } from "./picture.ts";
import { progressBar } from "./progress-bar.ts";
import { brief } from "./theme.ts";

/** What `follow` wants of a report, as `fit` gives it. */
export interface Report {
	/** Counted from 1. */
	step: number;
	loss: number;
	/** ‖g‖₂ over all weights, before clipping. */
	gradientNorm: number;
}

/** How `follow` is asked to watch. */
export interface FollowOptions<R extends Report> {
	/** How many steps `fit` takes. */
	steps: number;
	/** The finding, computed from the reports when all steps are done; until then, and without it, from where to where the loss goes. */
	title?: (reports: readonly R[]) => string;
	/** What the loss counts, default `"nats"`. */
	unit?: string;
	/** The axis of the loss, default `"linear"`. */
	scale?: "linear" | "log";
	/** The limit that `fit` clips at: drawn into the trace of the gradient. */
	clip?: number;
	/** Something that the network does now, in words, such as a line that it writes; asked at each redraw. */
	sample?: () => string;
	/** Called with each report: to stop early, to measure a validation loss. */
	each?: (report: R) => unknown;
}

const rulesOfOptions: Rules<FollowOptions<Report>> = {
	steps: whole(1),
	title: optional(callable),
	unit: optional(text),
	scale: optional(scale),
	clip: optional(positive),
	sample: optional(callable),
	each: optional(callable),
};

/**
 * Follows a training: loss, norm of the gradient, speed, time left and a sample, redrawn in place while `fit` runs, for at most a
 * fortieth of its time. Gives all reports. When the training ends, by itself, by an error or by an interrupt, the finished
 * pictures of what was reached stay, and say at which step that was.
 *
 * ```ts
 * const reports = await follow(display, fit(loss, { weights, optimiser, steps: 500, clip: 1 }), {
 *   steps: 500,
 *   clip: 1,
 *   sample: () => characters.decode(write(…)),
 * });
 * ```
 *
 * `display` comes from the kernel: `import { display } from "@unrolled/kernel"`.
 * @throws what the training throws.
 */
export async function follow<R extends Report>(
	display: Display,
	training: AsyncIterable<R>,
	options: FollowOptions<R>,
): Promise<R[]> {
	const {
		steps,
		title,
		unit = "nats",
		scale,
		clip,
		sample,
		each,
	} = expectOptions("follow", options, rulesOfOptions);
	const reports: R[] = [];
	let over = false;
	const reached = () =>
		reports.length < steps ? `${reports.length} of ${steps}` : `${steps}`;
	const x = { name: "step", range: [0, steps] } as const; // so that the axis stays as it is while points come
	const losses = lineChart({
		title: ({ loss }) =>
			over && title
				? title(reports)
				: `The loss goes from ${brief(loss.first)} to ${brief(loss.last)} ${unit} in ${reached()} steps`,
		x,
		y: { name: "loss", unit, scale },
		series: { loss: [] },
		height: 200,
	});
	const norms = lineChart({
		title: ({ "‖g‖": norm }) =>
			`The gradient's norm is between ${brief(norm.least)} and ${brief(norm.greatest)}`,
		x,
		y: { name: "‖g‖", scale: "log" },
		series: { "‖g‖": [] },
		height: 110,
		...(clip !== undefined && {
			rules: [{ y: clip, label: `clipped at ${brief(clip)}` }],
		}),
	});
	const bar = progressBar({ steps });
	const pictures = [losses, norms, bar, ...(sample ? [spoken(sample)] : [])];
	const screen = live(display, ...pictures);
	try {
		for await (const report of training) {
			reports.push(report);
			bar.update(report);
			losses.add(report.step, { loss: report.loss });
			norms.add(report.step, { "‖g‖": report.gradientNorm });
			await each?.(report);
			screen.refresh();
		}
	} finally {
		over = reports.length === steps;
		if (reports.length > 0) await screen.finish();
	}
	return reports;
}

/** Words that are asked for anew at each redraw. */
function spoken(words: () => string): Picture {
	const draft = () => ({ "text/plain": words() });
	return { draft, [jupyterDisplay]: async () => draft() };
}
