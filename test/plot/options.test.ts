import * as plot from "unrolled/plot";
import { expect, test } from "vitest";

/** What stands before the options of a picture. */
const before: Record<string, unknown[]> = {
	table: [[{ a: 1 }]],
	follow: [{ display: () => {} }, []],
	vegaLite: [{}],
	plotly: [{ data: [] }],
	svg: ['<svg xmlns="http://www.w3.org/2000/svg" />'],
	canvas: [{ toDataURL: () => "data:image/png;base64," }],
	cellDiagram: [{ name: "", nodes: [], edges: [], inputs: [], results: [] }],
	graphDiagram: [{ nodes: [], edges: [] }],
	networkDiagram: [{ nodes: [], edges: [] }],
};
const without = ["live", "progressBar"];
const words = new Set(["vegaLite", "plotly", "svg", "canvas"]);
const pictures = Object.entries(plot).filter(
	([name, value]) => typeof value === "function" && !without.includes(name),
) as [string, (...given: unknown[]) => unknown][];

test.each(pictures)(
	"%s refuses an option that it does not know, and offers the nearest",
	async (name, picture) => {
		const [wrong, right] = words.has(name)
			? ["txt", "text"]
			: ["titl", "title"];
		const draw = async () => picture(...(before[name] ?? []), { [wrong]: "x" });
		await expect(draw()).rejects.toThrow(
			`${name}: there is no option ${wrong}; did you mean ${right}?`,
		);
	},
);

test("an option of the wrong kind is told by what it must be", () => {
	const line = { title: "", x: "t", y: "y", series: { a: [1, 2] } };
	const given = (options: object) => () =>
		plot.lineChart({ ...line, ...options } as never);
	expect(given({ height: "tall" })).toThrow(
		'lineChart: height must be a positive number, got "tall"',
	);
	expect(given({ title: 3 })).toThrow(
		"lineChart: title must be a string or a function that makes one, got 3",
	);
	expect(given({ x: undefined })).toThrow("lineChart: x must be given");
	expect(given({})).not.toThrow();
});
