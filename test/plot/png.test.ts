import { jupyterDisplay, lineChart } from "unrolled/plot";
import { expect, test, vi } from "vitest";

vi.mock("@resvg/resvg-js", () => {
	throw new Error("there is no resvg for this machine");
});

test("where no PNG can be made, the picture comes without it and says so", async () => {
	const picture = lineChart({
		title: "t",
		x: "x",
		y: "y",
		series: { a: [1, 2] },
	});
	const bundle = await picture[jupyterDisplay]();
	expect(Object.keys(bundle)).toEqual([
		"application/vnd.vegalite.v5+json",
		"text/plain",
	]);
	expect(bundle["text/plain"]).toMatch(/^t\n.*\n\(no PNG: .*\)$/s);
});
