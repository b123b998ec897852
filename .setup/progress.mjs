/**
 * Shows that a long step lives. A terminal has a last line that counts the seconds of all steps that run;
 * elsewhere (CI's log) a line comes every half minute.
 */

/** Steps that run now, and when each began. @type {Map<string, number>} */
const running = new Map();
/** @type {NodeJS.Timeout | undefined} */
let timer;
let shown = false;

const seconds = (/** @type {number} */ since) =>
	Math.round((Date.now() - since) / 1000);

function clear() {
	if (shown) process.stdout.write("\r\x1b[K");
	shown = false;
}

function draw() {
	const parts = [...running].map(
		([what, since]) => `${what} ${seconds(since)} s`,
	);
	const width = process.stdout.columns ?? 80;
	process.stdout.write(`\r\x1b[K${parts.join(" · ").slice(0, width - 1)}`);
	shown = true;
}

/**
 * Announces a step.
 * @param {string} what @param {(line: string) => void} say
 * @returns {() => void} to call when it has ended
 */
export function announce(what, say) {
	const begun = Date.now();
	clear();
	say(`${what} …`);
	running.set(what, begun);
	const terminal = process.stdout.isTTY && say === console.log;
	timer ??= terminal
		? setInterval(draw, 1000)
		: setInterval(() => {
				for (const [one, since] of running)
					say(`${one}: still at work after ${seconds(since)} s …`);
			}, 30_000);
	timer.unref();
	return () => {
		running.delete(what);
		clear();
		if (running.size > 0) return;
		clearInterval(timer);
		timer = undefined;
	};
}
