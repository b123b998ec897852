import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { expectOptions, expectValue, optional, text } from "unrolled/expect";

/** What the columns of a table hold. */
export type ColumnKinds = Readonly<Record<string, "number" | "text">>;

/** A row of a table, by the names of its columns. */
export type TableRow<Columns extends ColumnKinds> = {
	-readonly [Name in keyof Columns]: Columns[Name] extends "number"
		? number
		: string;
};

/** Where something is in a text, as an editor counts: lines and columns from 1. */
function placeOf(text: string, at: number): string {
	const before = text.slice(0, at).split("\n");
	return `line ${before.length}, column ${(before.at(-1) as string).length + 1}`;
}

/**
 * A text file of your own, in UTF-8; a mark at its beginning (BOM) is left out, and line ends become `\n`.
 * @throws when it cannot be read, or is not UTF-8: at which line and column.
 */
export async function readText(file: string): Promise<string> {
	expectValue("readText", "the file", file, text);
	return textOf("readText", file);
}

async function textOf(place: string, file: string): Promise<string> {
	const bytes = await readFile(file).catch((cause) => {
		throw new Error(`${place}: ${file} cannot be read: ${cause.message}`, {
			cause,
		});
	});
	try {
		const read = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
		return read.replaceAll("\r\n", "\n");
	} catch {
		const lenient = new TextDecoder().decode(bytes);
		const at = lenient.indexOf("\ufffd");
		throw new Error(
			`${place}: ${basename(file)}, ${placeOf(lenient, at)}: the file is not UTF-8 there; save it as UTF-8`,
		);
	}
}

const kinds = {
	wanted: '"number" or "text" for each column, by its name',
	fits: (value: unknown) =>
		typeof value === "object" &&
		value !== null &&
		!Array.isArray(value) &&
		Object.keys(value).length > 0 &&
		Object.values(value).every((kind) => kind === "number" || kind === "text"),
};
const rules = {
	separator: optional({
		wanted: 'a single character, such as ";"',
		fits: (value) => typeof value === "string" && value.length === 1,
	}),
};

/**
 * A table of your own, a CSV file (RFC 4180) whose first line names the columns. Only the columns that are asked for are read.
 *
 * ```ts
 * const days = await readTable("weather.csv", { date: "text", temperature: "number" });
 * days[0].temperature;
 * ```
 *
 * A field may stand in double quotes, with commas, line ends and `""` for a quote in it.
 * @throws when the file cannot be read, a column is not there, a row has another number of fields, or a number is missing: at which line and column.
 */
export async function readTable<const Columns extends ColumnKinds>(
	file: string,
	columns: Columns,
	options: {
		/** What stands between two fields; default a comma. */
		separator?: string;
	} = {},
): Promise<TableRow<Columns>[]> {
	expectValue("readTable", "the file", file, text);
	expectValue("readTable", "the columns", columns, kinds);
	const { separator = "," } = expectOptions("readTable", options, rules);
	const name = basename(file);
	const content = await textOf("readTable", file);
	const wrong = (at: number, what: string) =>
		new Error(`readTable: ${name}, ${placeOf(content, at)}: ${what}`);
	const [head, ...rows] = records(content, separator, wrong);
	if (!head) throw new Error(`readTable: ${name} is empty`);
	const names = head.map((field) => field.text.trim());
	const wanted = Object.entries(columns).map(([column, kind]) => {
		const at = names.indexOf(column);
		if (at < 0)
			throw new Error(
				`readTable: ${name} has no column ${JSON.stringify(column)}; it has ${names.join(", ")}`,
			);
		return { column, kind, at };
	});
	return rows.map((fields) => {
		if (fields.length !== names.length)
			throw wrong(
				fields[0].at,
				`the row has ${fields.length} fields, and the first line names ${names.length} columns`,
			);
		const made = wanted.map(({ column, kind, at }) => {
			const field = fields[at];
			if (kind === "text") return [column, field.text];
			const value = field.text.trim() === "" ? NaN : Number(field.text);
			if (!Number.isFinite(value))
				throw wrong(
					field.at,
					`${column} must be a number, got ${JSON.stringify(field.text)}`,
				);
			return [column, value];
		});
		return Object.fromEntries(made) as TableRow<Columns>;
	});
}

interface Field {
	text: string;
	/** Where it begins. */
	at: number;
}

/** The records of a CSV text, each a list of fields; empty lines are left out. */
function records(
	content: string,
	separator: string,
	wrong: (at: number, what: string) => Error,
): Field[][] {
	const found: Field[][] = [];
	let record: Field[] = [];
	let i = 0;
	const field = (): Field => {
		const at = i;
		if (content[i] !== '"') {
			while (
				i < content.length &&
				content[i] !== separator &&
				content[i] !== "\n"
			)
				i++;
			return { text: content.slice(at, i), at };
		}
		let text = "";
		for (i++; ; i++) {
			if (i >= content.length) throw wrong(at, "the quote is not closed");
			if (content[i] !== '"') text += content[i];
			else if (content[i + 1] === '"') {
				text += '"';
				i++;
			} else break;
		}
		i++;
		if (i < content.length && content[i] !== separator && content[i] !== "\n")
			throw wrong(i, "something follows a closed quote");
		return { text, at };
	};
	while (i < content.length) {
		if (record.length === 0 && content[i] === "\n") {
			i++;
			continue;
		}
		record.push(field());
		if (content[i] === separator) {
			i++;
			// a field that is empty at the end of the file
			if (i === content.length) record.push({ text: "", at: i });
			else if (content[i] !== "\n") continue;
			else record.push({ text: "", at: i });
		}
		i++;
		found.push(record);
		record = [];
	}
	if (record.length > 0) found.push(record);
	return found;
}
