import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Place, Places } from "../cells/places.ts";
import { gray } from "./colours.ts";

const INTERNAL =
	/node:|node_modules\/tslab|\/kernel\/dist\/|unrolled\.kernel\.cell|Script\.runInThisContext|<anonymous>\)?$/;
const FRAME =
	/^\s+at (?:(.*?) \(|async )?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/;

/** A line of a stack trace: in the user's own code, or in a package. */
type Frame = { call: string; place: Place } | { from: string };

const packages = new Map<string, string>();

/** The name of the package that a file belongs to. */
function packageOf(file: string): string {
	for (let folder = dirname(file); dirname(folder) !== folder; ) {
		const known = packages.get(folder);
		if (known) return known;
		const about = join(folder, "package.json");
		if (existsSync(about)) {
			const { name } = JSON.parse(readFileSync(about, "utf8")) as {
				name?: string;
			};
			if (name) {
				packages.set(folder, name);
				return name;
			}
		}
		folder = dirname(folder);
	}
	return "other code";
}

function frameOf(line: string, places: Places): Frame | undefined {
	const [, call = "", url, row, column] = FRAME.exec(line) ?? [];
	if (!url) return undefined;
	const file = url.startsWith("file://") ? fileURLToPath(url) : url;
	const place = places.find(file, Number(row), Number(column));
	// functions of earlier cells are called as properties of the object that cells share
	if (place) return { call: call.replace(/\b(Proxy|Object)\./, ""), place };
	if (INTERNAL.test(line)) return undefined;
	return { from: /^wasm:/.test(file) ? "WebAssembly" : packageOf(file) };
}

const where = ({ name, line, column }: Place): string =>
	`${name.startsWith("/") ? relative(process.cwd(), name) : name}:${line}:${column}`;

/** A stack trace as its reader needs it: their own calls by line, those inside packages folded, Node's and the kernel's left out. */
export function readStack(
	stack: string,
	places: Places,
): { first: Place | undefined; lines: string[] } {
	const frames = stack
		.split("\n")
		.filter((line) => /^\s+at /.test(line))
		.map((line) => frameOf(line, places))
		.filter((frame) => frame !== undefined);
	const lines: string[] = [];
	let first: Place | undefined;
	for (let i = 0; i < frames.length; i++) {
		const frame = frames[i];
		if ("place" in frame) {
			first ??= frame.place;
			const at = where(frame.place);
			lines.push(`    at ${frame.call ? `${frame.call} (${at})` : at}`);
			continue;
		}
		let calls = 1;
		for (; i + 1 < frames.length; i++, calls++) {
			const next = frames[i + 1];
			if (!("from" in next) || next.from !== frame.from) break;
		}
		const text = `${calls} ${calls === 1 ? "call" : "calls"} inside ${frame.from}`;
		lines.push(gray(`    … ${text}`));
	}
	return { first, lines };
}
