/** What the tests of pictures look for is found: pages that are wrong in one thing each. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findBrowser } from "./find.ts";
import { lookAt, misplaced } from "./letters.ts";
import { complaintsOf, groundOf, openPage } from "./page.ts";

const browser = findBrowser();
let page: Page;
beforeAll(async () => {
	if (browser) page = await openPage(browser);
});
afterAll(async () => page?.context().close());

/** The parts of a chart as Vega writes it, of which a test exchanges one. */
const good = {
	size: 'width="200" height="100"',
	place: "width: 300px; overflow: auto",
	ground: "white",
	title: '<text x="10" y="20">a title</text>',
	label: '<text x="10" y="60">a label</text>',
	mark: '<path d="M80 50h60v30h-60z" fill="#3d86cc"/>',
};
const chart = ({
	size,
	place,
	ground,
	title,
	label,
	mark,
}: typeof good): string =>
	`<body style="background: ${ground}"><div class="jp-OutputArea-output" style="${place}">
	<svg class="marks" ${size} style="overflow: visible" xmlns="http://www.w3.org/2000/svg">
	<g class="role-title-text">${title}</g>${label}<g class="role-mark">${mark}</g></svg></div></body>`;
const faults: [string, Partial<typeof good>, RegExp | null][] = [
	["nothing", {}, null],
	[
		"nothing, in the dark",
		{
			ground: "#111",
			title: '<text x="10" y="20" fill="white">a title</text>',
			label: "",
		},
		null,
	],
	["no marks", { mark: "" }, /^it is empty$/],
	[
		"marks without an extent",
		{ mark: '<path d="M80 50" fill="red"/>' },
		/^it is empty$/,
	],
	[
		"marks of the ground's colour",
		{ mark: '<path d="M80 50h60v30h-60z" fill="white"/>' },
		/^nothing in it stands out/,
	],
	[
		"marks that are nearly transparent",
		{ mark: '<path d="M80 50h60v30h-60z" fill="#3d86cc" opacity="0.1"/>' },
		/^nothing in it stands out/,
	],
	[
		"a mark that is cut off",
		{ mark: '<path d="M80 50h160v30h-160z" fill="#3d86cc"/>' },
		/^a path leaves the picture$/,
	],
	["no words", { title: "", label: "" }, /^it has no words$/],
	[
		"a title that is cut off",
		{ title: '<text x="170" y="20">a title</text>' },
		/^"a title" leaves the picture$/,
	],
	[
		"a label below the picture",
		{ label: '<text x="10" y="120">a label</text>' },
		/^"a label" leaves the picture$/,
	],
	[
		"a label over the title",
		{ label: '<text x="20" y="22">a label</text>' },
		/^"a title" lies on "a label"$/,
	],
	[
		"black letters in the dark",
		{ ground: "#111", label: "" },
		/^"a title" in rgb/,
	],
	[
		"a label on a mark of its colour",
		{
			label: '<text x="90" y="70">a label</text>',
			mark: '<path d="M80 50h80v30h-80z" fill="#111"/>',
		},
		/^"a label" in rgb/,
	],
	[
		"a place that is too narrow",
		{ place: "width: 100px; overflow: auto" },
		/^it is \d+ wide in a place of 100$/,
	],
];

test.skipIf(!browser).each(faults)(
	"a chart with %s",
	async (_, part, wanted) => {
		await page.setContent(chart({ ...good, ...part }));
		const { wrong } = await lookAt(page.locator("svg"));
		expect(wrong).toEqual(
			wanted === null ? [] : [expect.stringMatching(wanted)],
		);
	},
);

/** A page with a diagram, as JupyterLab shows it: as an image. */
const diagram = (inside: string) => {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="#123456"/>${inside}</svg>`;
	return `<div class="jp-RenderedSVG"><img src="data:image/svg+xml,${encodeURIComponent(svg)}"></div>`;
};
test.skipIf(!browser).each([
	["apart", '<text x="10" y="20">one</text><text x="10" y="60">two</text>', []],
	[
		"one on the other",
		'<text x="10" y="20">one</text><text x="20" y="22">two</text>',
		['"one" lies on "two"'],
	],
	[
		"one outside",
		'<text x="10" y="20">one</text><text x="190" y="60">two</text>',
		['"two" leaves the picture'],
	],
])("the words of a diagram, %s", async (_, inside, wanted) => {
	await page.setContent(diagram(inside));
	expect(await misplaced(page)).toEqual(wanted);
	expect(await groundOf(page, page.locator("img"))).toBe("18 52 86");
});

test.skipIf(!browser)(
	"an error of the console, and one that nobody catches",
	async () => {
		const complaints = complaintsOf(page);
		await page.setContent(
			"<script>console.log('fine'); console.error('the console says'); setTimeout(() => { throw new Error('thrown') })</script>",
		);
		await expect.poll(() => complaints).toEqual(["the console says", "thrown"]);
	},
);
