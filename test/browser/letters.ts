import type { Page } from "playwright-core";

/** A word as a canvas shows it: its box in pixels of the canvas, whether it lies or stands, and its colours. */
interface Word {
	text: string;
	left: number;
	right: number;
	top: number;
	bottom: number;
	/** Turned by something else than quarters: its box is larger than the word. */
	aslant: boolean;
	colour: string;
}

declare const lettersOf: WeakMap<HTMLCanvasElement, Word[]>;

/** Has the page remember what is written on its canvases, as they stand. To be called before the page is opened. */
export const watchLetters = (page: Page): Promise<unknown> =>
	page.addInitScript(() => {
		const written = new WeakMap<HTMLCanvasElement, object[]>();
		Object.assign(globalThis, { lettersOf: written });
		const letters = CanvasRenderingContext2D.prototype;
		const { fillText, clearRect } = letters;
		letters.clearRect = function (x, y, width, height) {
			const { a, d } = this.getTransform();
			const whole =
				width * a >= this.canvas.width - 1 &&
				height * d >= this.canvas.height - 1;
			if (whole) written.set(this.canvas, []);
			clearRect.call(this, x, y, width, height);
		};
		letters.fillText = function (text, x, y, ...more) {
			fillText.call(this, text, x, y, ...more);
			const box = this.measureText(text);
			const turn = this.getTransform();
			const xs = [
				x - box.actualBoundingBoxLeft,
				x + box.actualBoundingBoxRight,
			];
			const ys = [
				y - box.actualBoundingBoxAscent,
				y + box.actualBoundingBoxDescent,
			];
			const corners = xs.flatMap((x) =>
				ys.map((y) => turn.transformPoint({ x, y })),
			);
			const [across, down] = [
				corners.map(({ x }) => x),
				corners.map(({ y }) => y),
			];
			const list = written.get(this.canvas) ?? [];
			written.set(this.canvas, list);
			if (this.globalAlpha > 0 && text.trim() !== "")
				list.push({
					text,
					left: Math.min(...across),
					right: Math.max(...across),
					top: Math.min(...down),
					bottom: Math.max(...down),
					aslant: Math.abs(turn.a * turn.b) > 1e-6,
					colour: String(this.fillStyle),
				});
		};
	});

/** What is wrong with a chart on a canvas, in words; and the colour of its ground. */
export const lookAt = (page: Page, selector: string) =>
	page
		.locator(selector)
		.first()
		.evaluate((canvas: HTMLCanvasElement) => {
			const wrong: string[] = [];
			const { width, height } = canvas;
			const context = canvas.getContext("2d") as CanvasRenderingContext2D;
			const pixels = context.getImageData(0, 0, width, height).data;
			const colours = new Set(new Uint32Array(pixels.buffer));
			if (colours.size < 3) wrong.push("it is empty");
			const at = (x: number, y: number): number[] => {
				const column = Math.max(0, Math.min(width - 1, Math.round(x)));
				const row = Math.max(0, Math.min(height - 1, Math.round(y)));
				return [...pixels.slice(4 * (row * width + column)).slice(0, 3)];
			};

			const words = (lettersOf.get(canvas) ?? []).filter(
				(word, i, all) =>
					all.findIndex(
						({ text, left, top }) =>
							text === word.text && left === word.left && top === word.top,
					) === i,
			);
			if (words.length === 0) wrong.push("it has no words");
			/** As WCAG counts it. */
			const brightness = (rgb: number[]) => {
				const [r, g, b] = rgb.map((value) => {
					const share = value / 255;
					return share <= 0.04045
						? share / 12.92
						: ((share + 0.055) / 1.055) ** 2.4;
				});
				return 0.2126 * r + 0.7152 * g + 0.0722 * b;
			};
			const contrast = (one: number[], other: number[]) => {
				const [low, high] = [brightness(one), brightness(other)].sort(
					(a, b) => a - b,
				);
				return (high + 0.05) / (low + 0.05);
			};
			const rgb = (colour: string) =>
				/^#[\da-f]{6}$/i.test(colour)
					? [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16))
					: (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
			for (const [i, word] of words.entries()) {
				const { text, left, right, top, bottom } = word;
				if (left < -1 || top < -1 || right > width + 1 || bottom > height + 1)
					wrong.push(`"${text}" leaves the picture`);
				const ground = at(left - 3, (top + bottom) / 2);
				if (contrast(rgb(word.colour), ground) < 3)
					wrong.push(`"${text}" in ${word.colour} on rgb(${ground})`);
				for (const other of words.slice(i + 1)) {
					const apart =
						right <= other.left + 1 ||
						other.right <= left + 1 ||
						bottom <= other.top + 1 ||
						other.bottom <= top + 1;
					if (!apart && !word.aslant && !other.aslant)
						wrong.push(`"${text}" lies on "${other.text}"`);
				}
			}
			const place = canvas.closest(".jp-OutputArea-output");
			if (place && place.scrollWidth > place.clientWidth + 1)
				wrong.push(
					`it is ${place.scrollWidth} wide in a place of ${place.clientWidth}`,
				);
			return { wrong, ground: at(2, 2).join(" ") };
		});
