/** An axis: its name, or its name with a unit and how it is scaled. `"step"`, or `{ name: "loss", unit: "nats", scale: "log" }`. */
export type Axis =
	| string
	| {
			name: string;
			/** Stands in brackets after the name. */
			unit?: string;
			/** A log axis cannot show values ≤ 0: such points leave a gap and are counted under the title. */
			scale?: "linear" | "log";
			/** From and to; without it the axis fits the values. What lies outside is cut off. */
			range?: readonly [number, number];
	  };

/** An axis read and checked. */
export interface ReadAxis {
	title: string;
	name: string;
	log: boolean;
	range?: readonly [number, number];
}

/** Reads an axis as the caller wrote it. `place` is what an error names: `lineChart: y`. */
export function readAxis(place: string, axis: Axis): ReadAxis {
	const {
		name,
		unit,
		scale = "linear",
		range,
	} = typeof axis === "string" ? { name: axis } : axis;
	if (typeof name !== "string" || name === "")
		throw new Error(`${place} must have a name, got ${JSON.stringify(axis)}`);
	if (scale !== "linear" && scale !== "log")
		throw new Error(
			`${place}: scale must be "linear" or "log", got "${scale}"`,
		);
	if (range !== undefined) {
		const [from, to] = range;
		if (!(Number.isFinite(from) && Number.isFinite(to) && from < to))
			throw new Error(
				`${place}: range must be [from, to] with from < to, got [${range}]`,
			);
		if (scale === "log" && from <= 0)
			throw new Error(
				`${place}: a log axis must start above 0, got range [${range}]`,
			);
	}
	return {
		title: unit ? `${name} (${unit})` : name,
		name,
		log: scale === "log",
		range,
	};
}

/** Whether a value has a place on the axis. */
export const drawable = (axis: ReadAxis, value: number): boolean =>
	Number.isFinite(value) && !(axis.log && value <= 0);

/** Whether a value lies in the part of the axis that is shown. */
export const shown = ({ range }: ReadAxis, value: number): boolean =>
	range === undefined || (range[0] <= value && value <= range[1]);

/**
 * The Vega-Lite encoding of a quantitative axis over `field` (x or y, which is its scale's name too), with `padding` pixels around the values.
 * Where all `values` are whole numbers, such as steps, no label stands between two of them.
 */
export function encode(
	axis: ReadAxis,
	field: string,
	{ padding = 0, values = [] as readonly object[] } = {},
) {
	const counts =
		values.length > 0 &&
		values.every((at) => Number.isInteger(at[field as keyof typeof at]));
	return {
		field,
		type: "quantitative",
		title: axis.title,
		scale: {
			...(axis.log ? { type: "log" } : { zero: false }),
			...(axis.range
				? { domain: axis.range, nice: false }
				: { nice: true, padding }),
		},
		...(axis.log
			? {
					axis: {
						format: "~g", // 1e-7, not a row of zeros
						labelExpr: powers(field),
						gridOpacity: {
							condition: { test: `${few(field)} || ${whole}`, value: 0.25 },
							value: 0,
						},
					},
				}
			: counts && { axis: { tickCount: { expr: wholes(field) } } }),
	};
}

/** Whether a log axis, whose scale has this name, holds less than two powers of ten. */
const few = (scale: string) =>
	`domain('${scale}')[1] < 100 * domain('${scale}')[0]`;
const exponent = "log(datum.value) / LN10";
/** Whether a place on a log axis is a power of ten. */
const whole = `abs(${exponent} - round(${exponent})) < 1e-6`;

/**
 * Labels of a log axis: over two powers of ten or more only the powers themselves have labels and lines across the chart, or they
 * crowd, and those far from 1 are written as 10⁻⁶. `scale` is its name.
 */
const powers = (scale: string) => {
	const raised = [..."0123456789−"].reduce(
		(text, digit, i) => `replace(${text}, /${digit}/g, '${"⁰¹²³⁴⁵⁶⁷⁸⁹⁻"[i]}')`,
		`format(round(${exponent}), 'd')`,
	);
	const power = `abs(${exponent}) < 3.5 ? datum.label : '10' + ${raised}`;
	return `${whole} ? (${power}) : ${few(scale)} ? datum.label : ''`;
};

/** How many labels an x axis of whole numbers has at most: none closer than a step of 1. Vega-Lite drops `tickMinStep` where layers share an axis. */
const wholes = (scale: string) =>
	`min(ceil(width / 40), max(1, span(domain('${scale}'))))`;
