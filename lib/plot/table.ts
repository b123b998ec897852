import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional, text, whole } from "../expect/rules.ts";
import { escaped, readable } from "./letters.ts";
import { type Matrix, readMatrix } from "./matrix.ts";
import { given } from "./options.ts";
import type { Picture } from "./picture.ts";
import { brief, minus, wrap } from "./theme.ts";

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** How `table` is asked for a picture. */
export interface TableOptions {
	/** The finding, above the table. */
	title?: string;
	/** The unit of a column, in brackets after its name: `{ loss: "nats" }`. */
	units?: Readonly<Record<string, string>>;
	/** How many decimal places a column of numbers shows; without it all numbers of a column show as many as the finest needs, at most 4. */
	digits?: Readonly<Record<string, number>>;
	/** How many rows are shown, default 30; a last line says how many there are. */
	most?: number;
}

interface Column {
	name: string;
	cells: string[];
	/** Numbers stand at the right, with their points in one line. */
	numbers: boolean;
}

const rulesOfOptions: Rules<TableOptions> = {
	title: optional(text),
	units: optional(given),
	digits: optional(given),
	most: optional(whole(1)),
};

/**
 * A table: records with a column for each name, or a tensor [rows, columns] whose columns are numbered. Numbers of a column have
 * equally many decimal places and stand at the right, words at the left.
 * @throws when there are no rows.
 */
export function table(
	rows: readonly Row[] | Matrix,
	options: TableOptions = {},
): Picture {
	const {
		title,
		units = {},
		digits = {},
		most = 30,
	} = expectOptions("table", options, rulesOfOptions);
	const records = readRows(rows);
	const names = [...new Set(records.flatMap((row) => Object.keys(row)))];
	if (names.length === 0)
		throw new Error(
			"table: there must be at least one row with a column, got none",
		);
	const unknown = [...Object.keys(units), ...Object.keys(digits)].find(
		(name) => !names.includes(name),
	);
	if (unknown !== undefined)
		throw new Error(
			`table: there is no column "${unknown}", only ${names.map((n) => `"${n}"`).join(", ")}`,
		);
	const shown = records.slice(0, most);
	const columns = names.map((name) =>
		column(
			units[name] ? `${name} (${units[name]})` : name,
			shown.map((row) => row[name]),
			digits[name],
		),
	);
	const more =
		records.length > most ? [`${most} of ${records.length} rows`] : [];
	const heading = title === undefined ? [] : [minus(title)];

	return readable(() => {
		const plain = aligned(columns);
		return {
			html: asHtml(columns, heading, more),
			text: [...heading, ...plain, ...more].join("\n"),
			lines: [
				...heading
					.flatMap((line) => wrap(line, Math.max(40, plain[0].length)))
					.map((text) => [{ text, bold: true }]),
				...[...plain, ...more].map((text) => [{ text }]),
			],
		};
	});
}

function readRows(rows: readonly Row[] | Matrix): readonly Row[] {
	if (
		!("shape" in rows) &&
		!Array.isArray(rows[0]) &&
		!ArrayBuffer.isView(rows[0])
	)
		return rows as readonly Row[];
	return readMatrix("table", rows as Matrix).map((row, r) => ({
		"": r,
		...Object.fromEntries(row.map((value, c) => [`[${c}]`, value])),
	}));
}

function column(
	name: string,
	values: readonly unknown[],
	digits: number | undefined,
): Column {
	const numbers = values.every(
		(v) => typeof v === "number" || v === undefined || v === null,
	);
	const finite = values.filter(
		(v): v is number => typeof v === "number" && Number.isFinite(v),
	);
	const places =
		digits ??
		Math.min(4, Math.max(0, ...finite.map((v) => decimals(brief(v)))));
	const cells = values.map((value) => {
		if (value === undefined || value === null) return "";
		if (typeof value !== "number") return String(value);
		const small = value !== 0 && Math.abs(value) < 0.5 * 10 ** -places;
		return Number.isFinite(value) && !small && Math.abs(value) < 1e15
			? minus(value.toFixed(places))
			: brief(value);
	});
	return { name, cells, numbers };
}

/** How many decimal places a number is written with. */
const decimals = (number: string) =>
	/e/.test(number) ? 0 : (number.split(".")[1]?.length ?? 0);

/** The table in letters of one width. */
function aligned(columns: readonly Column[]): string[] {
	const widths = columns.map(({ name, cells }) =>
		Math.max(...[name, ...cells].map((text) => [...text].length)),
	);
	const line = (texts: readonly string[]) =>
		texts
			.map((text, c) =>
				columns[c].numbers ? text.padStart(widths[c]) : text.padEnd(widths[c]),
			)
			.join("  ")
			.trimEnd();
	return [
		line(columns.map(({ name }) => name)),
		line(widths.map((width) => "─".repeat(width))),
		...columns[0].cells.map((_, r) =>
			line(columns.map(({ cells }) => cells[r])),
		),
	];
}

function asHtml(
	columns: readonly Column[],
	heading: readonly string[],
	more: readonly string[],
): string {
	const style = ({ numbers }: Column) =>
		` style="text-align: ${numbers ? "right" : "left"}${numbers ? "; font-variant-numeric: tabular-nums" : ""}"`;
	const head = columns.map(
		(each) => `<th scope="col"${style(each)}>${escaped(each.name)}</th>`,
	);
	const body = columns[0].cells.map(
		(_, r) =>
			`<tr>${columns.map((each) => `<td${style(each)}>${escaped(each.cells[r])}</td>`).join("")}</tr>`,
	);
	const caption = heading.map(
		(text) =>
			`<caption style="caption-side: top; text-align: left; font-weight: bold">${escaped(text)}</caption>`,
	);
	return [
		`<table>${caption.join("")}<thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`,
		...more.map((text) => `<p>${escaped(text)}</p>`),
	].join("");
}
