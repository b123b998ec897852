import { drawable, type ReadAxis } from "./axis.ts";
import { type Numbers, readNumbers } from "./points.ts";
import { grey, ink, written } from "./theme.ts";

/** A threshold across the chart, at one y or one x, with its name: `{ y: 1, label: "clip at 1" }`. */
export type Rule =
	| { y: number; x?: undefined; label: string }
	| { x: number; y?: undefined; label: string };

/** From low to high at each x: a range of runs, an interval of a forecast. Without x the places are 0, 1, 2, … */
export interface Band {
	x?: Numbers;
	low: Numbers;
	high: Numbers;
}

/** A band read and checked, with the name of the line that it lies around. */
export interface ReadBand {
	series: string;
	points: { x: number; low: number; high: number }[];
}

/** Checks a band; `place` is what an error names. */
export function readBand(place: string, series: string, band: Band): ReadBand {
	const low = readNumbers(`${place}: low`, band.low);
	const high = readNumbers(`${place}: high`, band.high);
	const x =
		band.x === undefined
			? low.map((_, i) => i)
			: readNumbers(`${place}: x`, band.x);
	if (low.length !== high.length || low.length !== x.length)
		throw new Error(
			`${place} must have as many x as low and high, got ${x.length} x, ${low.length} low and ${high.length} high`,
		);
	const wrong = low.findIndex((value, i) => value > high[i]);
	if (wrong >= 0)
		throw new Error(
			`${place}: low must not be above high, got ${low[wrong]} above ${high[wrong]} at x ${x[wrong]}`,
		);
	return {
		series,
		points: x.map((at, i) => ({
			x: written(at),
			low: written(low[i]),
			high: written(high[i]),
		})),
	};
}

/** Checks a threshold. */
export function readRule(
	place: string,
	rule: Rule,
	x: ReadAxis,
	y: ReadAxis,
): Rule {
	const [axis, value] = rule.y !== undefined ? [y, rule.y] : [x, rule.x];
	if (typeof value !== "number" || !drawable(axis, value))
		throw new Error(
			`${place}: rule "${rule.label}" must lie on an axis, { y: number } or { x: number }${axis.log ? " above 0 on a log axis" : ""}, got ${value}`,
		);
	return rule;
}

/** Areas in the colour of their line, behind it; several around one line lie over each other and become darker. */
export function bandLayers(
	bands: readonly ReadBand[],
	{ x, y }: { x: object; y: object },
	colour: (series: string) => string,
) {
	return bands.map(({ series, points }) => ({
		data: { values: points },
		mark: { type: "area", color: colour(series), opacity: 0.22, clip: true },
		encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
	}));
}

/** Dashed lines across the plot with their names at the end. */
export function ruleLayers(rules: readonly Rule[]) {
	return rules.flatMap(({ x, y, label }) => {
		const at = y !== undefined ? { y: { datum: y } } : { x: { datum: x } };
		const end =
			y !== undefined ? { x: { value: "width" } } : { y: { value: 0 } };
		return [
			{
				data: { values: [{}] },
				mark: {
					type: "rule",
					color: grey,
					strokeWidth: 1.5,
					strokeDash: [6, 4],
				},
				encoding: at,
			},
			{
				data: { values: [{ label }] },
				mark: {
					type: "text",
					color: ink,
					fontSize: 11,
					...(y !== undefined
						? { align: "right", dx: -4, dy: -11 } // above the marks of a line that lies on the rule
						: { align: "left", dx: 5, dy: 9 }),
				},
				encoding: { ...at, ...end, text: { field: "label", type: "nominal" } },
			},
		];
	});
}
