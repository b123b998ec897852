import { inspect } from "node:util";

type Record = { [column: string]: unknown };

/** How many rows and columns a table shows. */
const ROWS = 20;
const COLUMNS = 20;

const isRecord = (value: unknown): value is Record =>
	typeof value === "object" &&
	value !== null &&
	[Object.prototype, null].includes(Object.getPrototypeOf(value));

const isSimple = (value: unknown) =>
	value === null || (typeof value !== "object" && typeof value !== "function");

/** Whether a value is a table: an array of plain objects with simple values under much the same names. */
export function isTable(value: unknown): value is Record[] {
	if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord))
		return false;
	const names = Object.keys(value[0]);
	return (
		names.length > 0 &&
		value.every(
			(row) =>
				Object.values(row).every(isSimple) &&
				Object.keys(row).some((name) => names.includes(name)),
		)
	);
}

const escaped = (text: string): string =>
	text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function cell(value: unknown): string {
	if (value === undefined) return "<td></td>";
	const text = typeof value === "string" ? value : inspect(value);
	const align = typeof value === "number" ? ' style="text-align: right"' : "";
	return `<td${align}>${escaped(text)}</td>`;
}

/** A table as HTML: a column for each name, the first rows, and how many there are in all. */
export function tableHtml(rows: readonly Record[]): string {
	const names = [
		...new Set(rows.slice(0, ROWS).flatMap((row) => Object.keys(row))),
	];
	const columns = names.slice(0, COLUMNS);
	const head = columns.map((name) => `<th>${escaped(name)}</th>`).join("");
	const body = rows
		.slice(0, ROWS)
		.map(
			(row) => `<tr>${columns.map((name) => cell(row[name])).join("")}</tr>`,
		);
	const more = [
		rows.length > ROWS ? `${rows.length} rows, ${ROWS} shown` : "",
		names.length > COLUMNS ? `${names.length} columns, ${COLUMNS} shown` : "",
	].filter(Boolean);
	const note = more.length ? `<p>${more.join("; ")}</p>` : "";
	return `<table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>${note}`;
}
