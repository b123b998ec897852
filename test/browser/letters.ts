import type { Locator, Page } from "playwright-core";

/** What a chart looks like on its page. */
export interface Look {
	/** What is wrong with it, in words. */
	wrong: string[];
	/** The colour behind it, and that of its title. */
	ground: string;
	ink: string;
}

/** Looks at a chart that Vega drew as an SVG. It must be in the window as a whole: what lies outside has no colour behind it. */
export const lookAt = (chart: Locator): Promise<Look> =>
	chart.first().evaluate((svg: SVGSVGElement) => {
		const wrong: string[] = [];
		type Colour = number[];
		const rgb = (colour: string): Colour => {
			const [r = 0, g = 0, b = 0, a = 1] = (colour.match(/[\d.]+/g) ?? []).map(
				Number,
			);
			return [r, g, b, colour === "none" ? 0 : a];
		};
		const over = (top: Colour, bottom: Colour): Colour => [
			...[0, 1, 2].map((i) => top[3] * top[i] + (1 - top[3]) * bottom[i]),
			1,
		];
		/** What the page has behind the chart. */
		const page = (() => {
			for (let at: Element | null = svg; at; at = at.parentElement) {
				const colour = rgb(getComputedStyle(at).backgroundColor);
				if (colour[3] > 0) return colour;
			}
			return [255, 255, 255, 1];
		})();
		const opacityOf = (element: Element) => {
			let share = 1;
			for (
				let at: Element | null = element;
				at && at !== svg;
				at = at.parentElement
			)
				share *= Number(getComputedStyle(at).opacity);
			return share;
		};
		/** What is drawn at a place of the window, without letters. */
		const groundAt = (x: number, y: number): Colour =>
			document
				.elementsFromPoint(x, y)
				.filter(
					(each) =>
						svg.contains(each) && !each.closest("text, svg g.mark-text"),
				)
				.reverse()
				.reduce((below, each) => {
					const { fill, fillOpacity } = getComputedStyle(each);
					const [r, g, b, a] = rgb(fill);
					const share = a * Number(fillOpacity) * opacityOf(each);
					// nothing else is filled, whatever it inherits
					return ["path", "rect", "circle"].includes(each.tagName)
						? over([r, g, b, share], below)
						: below;
				}, page);
		/** As WCAG counts it. */
		const brightness = (colour: Colour) => {
			const [r, g, b] = colour.map((value) => {
				const share = value / 255;
				return share <= 0.04045
					? share / 12.92
					: ((share + 0.055) / 1.055) ** 2.4;
			});
			return 0.2126 * r + 0.7152 * g + 0.0722 * b;
		};
		const contrast = (one: Colour, other: Colour) => {
			const [low, high] = [brightness(one), brightness(other)].sort(
				(a, b) => a - b,
			);
			return (high + 0.05) / (low + 0.05);
		};

		const marks = [
			...svg.querySelectorAll(
				".role-mark path, .role-mark image, .role-mark line, .role-mark text",
			),
		].filter((mark) => {
			const { width, height } = mark.getBoundingClientRect();
			return width + height > 2;
		});
		if (marks.length === 0) wrong.push("it is empty");
		/** Whether a mark stands out from what the page has behind the chart. */
		const stands = (mark: Element) => {
			if (mark.tagName === "image") return true;
			const style = getComputedStyle(mark);
			const inks = [
				[style.fill, style.fillOpacity],
				[style.stroke, style.strokeOpacity],
			] as const;
			return inks.some(([colour, opacity]) => {
				const [r, g, b, a] = rgb(colour);
				const share = a * Number(opacity) * opacityOf(mark);
				return contrast(over([r, g, b, share], page), page) >= 2;
			});
		};
		if (marks.length > 0 && !marks.some(stands))
			wrong.push("nothing in it stands out from its ground");
		const frame = svg.getBoundingClientRect();
		for (const mark of marks) {
			const { left, right, top, bottom } = mark.getBoundingClientRect();
			const cut =
				left < frame.left - 1 ||
				top < frame.top - 1 ||
				right > frame.right + 1 ||
				bottom > frame.bottom + 1;
			if (cut && !mark.closest("[clip-path]"))
				wrong.push(`a ${mark.tagName} leaves the picture`);
		}
		const words = [...svg.querySelectorAll("text")]
			.filter((text) => text.textContent?.trim() && opacityOf(text) > 0)
			.map((text) => {
				const { a = 1, b = 0 } = text.getScreenCTM() ?? {};
				const { left, right, top, bottom } = text.getBoundingClientRect();
				const { fill, fontSize } = getComputedStyle(text);
				// a line has room above and below its letters
				const room = 0.25 * Number.parseFloat(fontSize);
				const upright = Math.abs(b) > Math.abs(a);
				const [aside, above] = upright ? [room, 0] : [0, room];
				return {
					text: text.textContent as string,
					left: left + aside,
					right: right - aside,
					top: top + above,
					bottom: bottom - above,
					aslant: Math.abs(a * b) > 1e-6,
					colour: rgb(fill),
				};
			});
		if (words.length === 0) wrong.push("it has no words");
		for (const [i, word] of words.entries()) {
			const { text, left, right, top, bottom, colour } = word;
			if (
				left < frame.left - 1 ||
				top < frame.top - 1 ||
				right > frame.right + 1 ||
				bottom > frame.bottom + 1
			)
				wrong.push(`"${text}" leaves the picture`);
			const ground = groundAt(
				Math.max(frame.left + 1, left - 3),
				(top + bottom) / 2,
			);
			if (contrast(over(colour, ground), ground) < 3)
				wrong.push(`"${text}" in rgb(${colour}) on rgb(${ground})`);
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
		const place = svg.closest(".jp-OutputArea-output");
		if (place && place.scrollWidth > place.clientWidth + 1)
			wrong.push(
				`it is ${place.scrollWidth} wide in a place of ${place.clientWidth}`,
			);
		const title = svg.querySelector(".role-title-text text") ?? svg;
		return {
			wrong,
			ground: groundAt(frame.left + 2, frame.top + 2)
				.slice(0, 3)
				.map(Math.round)
				.join(" "),
			ink: getComputedStyle(title).fill,
		};
	});

/** Words of the SVGs in a page that leave their picture or lie on one another, as the browser sets them. */
export const misplaced = (page: Page) =>
	page.evaluate(async () => {
		const wrong: string[] = [];
		const images = [
			...document.querySelectorAll<HTMLImageElement>(".jp-RenderedSVG img"),
		];
		for (const image of images) {
			const place = document.createElement("div");
			place.style.cssText = "position: fixed; left: 0; top: 0";
			place.innerHTML = decodeURIComponent(
				image.src.slice(image.src.indexOf(",") + 1),
			);
			document.body.append(place);
			const svg = place.querySelector("svg") as SVGSVGElement;
			const frame = svg.getBoundingClientRect();
			const texts = [...svg.querySelectorAll("text")].map((text) => ({
				text: text.textContent ?? "",
				box: text.getBoundingClientRect(),
			}));
			for (const [i, { text, box }] of texts.entries()) {
				const inside =
					box.left >= frame.left &&
					box.right <= frame.right &&
					box.top >= frame.top &&
					box.bottom <= frame.bottom;
				if (!inside) wrong.push(`"${text}" leaves the picture`);
				for (const other of texts.slice(i + 1)) {
					const o = other.box;
					// letters have room above and below them in their box
					const apart =
						box.right <= o.left + 1 ||
						o.right <= box.left + 1 ||
						box.bottom <= o.top + 5 ||
						o.bottom <= box.top + 5;
					if (!apart) wrong.push(`"${text}" lies on "${other.text}"`);
				}
			}
			place.remove();
		}
		return wrong;
	});
