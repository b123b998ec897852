import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional, text, whole } from "../expect/rules.ts";
import { heading } from "./frame.ts";
import { given, range, scale } from "./options.ts";
import { type Picture, vegaPicture } from "./picture.ts";
import { type Numbers, readNumbers } from "./points.ts";
import { brief, colours, written } from "./theme.ts";

/** How `histograms` is asked for a picture. */
export interface HistogramsOptions {
	/** The finding. */
	title: string;
	/** What is counted, with its unit: `"activation"`, `"|∂L/∂h|"`. */
	value: string;
	/** Numbers by row and column: `{ "layer 1": { "t = 0": h0, "t = 50": h50 } }`; all share one axis. */
	panels: Readonly<Record<string, Readonly<Record<string, Numbers>>>>;
	/** `"log"` counts sizes |v| by powers of ten, for gradients; what is exactly 0 is said in a note. Default `"linear"`. */
	scale?: "linear" | "log";
	/** From and to; without it the bins fit the values. What lies outside is counted in the bins at the ends. */
	range?: readonly [number, number];
	/** How many bins, default 20. */
	bins?: number;
}

/** Total width of all panels, and the height of one, in pixels. */
const wide = 430;
const high = 80;

const rulesOfOptions: Rules<HistogramsOptions> = {
	title: text,
	value: text,
	panels: given,
	scale: optional(scale),
	range: optional(range),
	bins: optional(whole(1)),
};

/**
 * What is saturated and what vanishes: the distribution of activations or gradients, a row for each layer, a column for each time.
 * @throws when a panel has no finite number, and beyond 6 columns, which cannot be read.
 */
export function histograms(options: HistogramsOptions): Picture {
	const {
		title,
		value,
		panels,
		scale = "linear",
		range,
		bins = 20,
	} = expectOptions("histograms", options, rulesOfOptions);
	const log = scale === "log";
	const rows = Object.keys(panels);
	const columns = [...new Set(rows.flatMap((row) => Object.keys(panels[row])))];
	if (rows.length === 0 || columns.length === 0)
		throw new Error("histograms: panels must hold at least one, got none");
	if (columns.length > 6)
		throw new Error(
			`histograms: at most 6 columns can be read, got ${columns.length}; heatMap shows more`,
		);
	if (!Number.isInteger(bins) || bins < 2)
		throw new Error(`histograms: bins must be a whole number ≥ 2, got ${bins}`);
	if (range !== undefined && !(range[0] < range[1] && (!log || range[0] > 0)))
		throw new Error(
			`histograms: range must be [from, to] with ${log ? "0 < " : ""}from < to, got [${range}]`,
		);
	const read = rows.flatMap((row) =>
		Object.keys(panels[row]).map((column) => {
			const place = `histograms: panel "${row}", "${column}"`;
			const all = readNumbers(place, panels[row][column]);
			const finite = all.filter(Number.isFinite);
			if (finite.length === 0) throw new Error(`${place} has no finite number`);
			const zeros = log ? finite.filter((v) => v === 0).length : 0;
			const counted = log
				? finite.filter((v) => v !== 0).map((v) => Math.log10(Math.abs(v)))
				: finite;
			return { row, column, all, finite, zeros, counted };
		}),
	);
	const ends =
		range?.map((end) => (log ? Math.log10(end) : end)) ??
		edges(read.flatMap(({ counted }) => counted));
	const width = (ends[1] - ends[0]) / bins;
	const values = read.flatMap(({ row, column, finite, counted }) => {
		const counts = new Array<number>(bins).fill(0);
		for (const v of counted) {
			const bin = Math.floor((v - ends[0]) / width);
			counts[Math.max(0, Math.min(bins - 1, bin))]++;
		}
		return counts.map((count, i) => ({
			row,
			column,
			from: written(ends[0] + i * width),
			to: written(ends[0] + (i + 1) * width),
			share: written(count / finite.length),
		}));
	});
	const notes = [
		note(
			read,
			({ all, finite }) => all.length - finite.length,
			"no finite number",
		),
		note(read, ({ zeros }) => zeros, "exactly 0, and in no bin"),
	].flat();
	const several = rows.length > 1 || rows[0] !== "";
	const spec = {
		...heading({ title, notes }),
		data: { values },
		mark: {
			type: "bar",
			color: colours[0],
			tooltip: true,
			binSpacing: 0.5,
		},
		width: Math.floor(wide / columns.length) - 12,
		height: high,
		encoding: {
			...(several && {
				row: {
					field: "row",
					type: "nominal",
					sort: rows,
					title: null,
					header: header({ labelAngle: 0, labelAlign: "left" }),
				},
			}),
			column: {
				field: "column",
				type: "nominal",
				sort: columns,
				title: log ? `size of ${value} (power of ten)` : value,
				header: header({ titleOrient: "bottom", titleFontSize: 12 }),
			},
			x: {
				field: "from",
				type: "quantitative",
				bin: "binned",
				title: null,
				scale: { domain: ends, nice: false, zero: false },
				axis: {
					tickCount: 3,
					labelFlush: true,
					labelOverlap: "greedy",
					labelSeparation: 6,
					format: "~g",
				},
			},
			x2: { field: "to" },
			y: {
				field: "share",
				type: "quantitative",
				title: "share",
				axis: { tickCount: 3, format: "%" },
			},
		},
		spacing: 12,
	};
	const words = read.map(({ row, column, counted, zeros, finite }) => {
		const sorted = [...counted].sort((a, b) => a - b);
		const middle = sorted[Math.floor(sorted.length / 2)];
		const at = log ? `10^${middle?.toFixed(1)}` : brief(middle);
		return `  ${[row, column].filter(Boolean).join(", ")}: ${finite.length} values, ${zeros === finite.length ? "all 0" : `median ${at}`}`;
	});
	const text = [title, ...notes.map((one) => `  ${one}`), ...words].join("\n");
	return vegaPicture(() => ({ spec, text }));
}

const header = (more: object) => ({
	labelFontSize: 12,
	labelPadding: 5,
	...more,
});

function edges(values: readonly number[]): [number, number] {
	if (values.length === 0) return [-1, 0];
	const least = values.reduce((a, b) => Math.min(a, b));
	const greatest = values.reduce((a, b) => Math.max(a, b));
	return least === greatest ? [least - 0.5, greatest + 0.5] : [least, greatest];
}

/** `t = 3: 20 of 400 values are exactly 0` of the panels where there are any. */
function note<Panel extends { row: string; column: string; all: number[] }>(
	panels: readonly Panel[],
	count: (panel: Panel) => number,
	what: string,
): string[] {
	const found = panels.filter((panel) => count(panel) > 0);
	if (found.length === 0) return [];
	const words = found.slice(0, 3).map((panel) => {
		const name = [panel.row, panel.column].filter(Boolean).join(", ");
		return `${name}: ${count(panel)} of ${panel.all.length}`;
	});
	const more = found.length > 3 ? `; and in ${found.length - 3} more` : "";
	return [`Values that are ${what}: ${words.join("; ")}${more}`];
}
