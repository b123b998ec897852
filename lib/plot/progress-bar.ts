import { jupyterDisplay, type MimeBundle, type Picture } from "./picture.ts";
import { brief } from "./theme.ts";

/** What `fit` reports after each step, as far as the bar shows it. */
export interface Progress {
	/** How many steps are done. */
	step: number;
	loss?: number;
}

/** A bar that fills while a network trains. */
export interface ProgressBar extends Picture {
	/** Says how far it is; takes a report of `fit` as it comes. */
	update(progress: Progress): void;
}

/**
 * Steps done, time left, speed and the loss, in one line that is redrawn in place. Text, and a bar where there is HTML.
 *
 * Time left is estimated from the time since the bar was made and the steps done. The finished picture of a bar that is not full says at
 * which step the training was stopped.
 *
 * ```ts
 * const bar = progressBar({ steps: 500 });
 * const screen = live(display, bar);
 * for await (const report of fit(…)) {
 *   bar.update(report);
 *   screen.refresh();
 * }
 * await screen.finish();
 * ```
 * @throws when `steps` is not a whole number of at least 1, or a step is not from 0 to `steps`.
 */
export function progressBar({ steps }: { steps: number }): ProgressBar {
	if (!Number.isInteger(steps) || steps < 1)
		throw new Error(
			`progressBar: steps must be a whole number ≥ 1, got ${steps}`,
		);
	const start = Date.now();
	let done = 0;
	let seconds = 0;
	let loss: number | undefined;

	const bundle = (over: boolean): MimeBundle => {
		const stopped = over && done < steps;
		const words = [
			stopped
				? `stopped at step ${done} of ${steps}`
				: done === 0
					? `0 of ${steps} steps`
					: `step ${done} of ${steps}`,
			done === steps
				? `done in ${duration(seconds)}`
				: stopped
					? `after ${duration(seconds)}`
					: done > 0 && `${duration((seconds / done) * (steps - done))} left`,
			done > 0 && seconds > 0 && `${speed(done / seconds)} a second`,
			loss !== undefined &&
				`loss ${Number.isFinite(loss) ? loss.toFixed(3) : loss}`,
		].filter((word) => typeof word === "string");
		const line = words.join(" · ");
		const filled = Math.floor((done / steps) * 20);
		return {
			"text/html": `<div><progress max="${steps}" value="${done}" style="width: 16em; vertical-align: middle"></progress> ${line}</div>`,
			"text/plain": `[${"█".repeat(filled)}${"░".repeat(20 - filled)}] ${line}`,
		};
	};
	return {
		draft: () => bundle(false),
		[jupyterDisplay]: async () => bundle(true),
		update(progress) {
			if (!(progress.step >= 0 && progress.step <= steps))
				throw new Error(
					`progressBar: step must be from 0 to ${steps}, got ${progress.step}`,
				);
			done = progress.step;
			loss = progress.loss;
			seconds = (Date.now() - start) / 1000;
		},
	};
}

/** Steps a second, in two digits where they are few. */
const speed = (steps: number) =>
	`${steps < 10 ? brief(Number(steps.toPrecision(2))) : Math.round(steps)} steps`;

/** Seconds in words: `8 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(seconds: number): string {
	if (seconds < 9.95) return `${brief(Number(seconds.toFixed(1)))} s`;
	const whole = Math.round(seconds);
	if (whole < 60) return `${whole} s`;
	if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
	return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
