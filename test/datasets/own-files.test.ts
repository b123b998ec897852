import { createHash } from "node:crypto";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { download, readTable, readText } from "@unrolled/datasets";
import { afterAll, afterEach, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "unrolled-files-"));
afterAll(() => rmSync(folder, { recursive: true }));
const written = (text: string | Uint8Array, name = "mine.csv") => {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
};

describe("readTable", () => {
	test("reads the columns that are asked for, in their types", async () => {
		const path = written(
			'\ufeffday,note,births\r\n1969-01-01,"quiet, ""cold""",8486\r\n\r\n1969-01-02,"two\nlines",9002.5',
		);
		const rows = await readTable(path, { births: "number", note: "text" });
		expect(rows).toEqual([
			{ births: 8486, note: 'quiet, "cold"' },
			{ births: 9002.5, note: "two\nlines" },
		]);
		const sum: number = rows[0].births + rows[1].births;
		expect(sum).toBe(17488.5);
		expect(
			await readTable(
				written("a;b\n1;\n;2\n"),
				{ b: "text" },
				{ separator: ";" },
			),
		).toEqual([{ b: "" }, { b: "2" }]);
	});

	test("errors name line and column", async () => {
		const cases: [string, string][] = [
			[
				"a,b\n1,2\n3,n/a\n",
				'mine.csv, line 3, column 3: b must be a number, got "n/a"',
			],
			["a,b\n1,\n", 'mine.csv, line 2, column 3: b must be a number, got ""'],
			[
				"a,b\n1,2,3\n",
				"mine.csv, line 2, column 1: the row has 3 fields, and the first line names 2 columns",
			],
			['a,b\n1,"2\n', "mine.csv, line 2, column 3: the quote is not closed"],
			[
				'a,b\n1,"2"3\n',
				"mine.csv, line 2, column 6: something follows a closed quote",
			],
			["a,c\n1,2\n", 'mine.csv has no column "b"; it has a, c'],
			["", "mine.csv is empty"],
		];
		for (const [text, error] of cases)
			await expect(
				readTable(written(text), { a: "number", b: "number" }),
			).rejects.toThrow(error);
		await expect(
			readTable(join(folder, "none.csv"), { a: "text" }),
		).rejects.toThrow("none.csv cannot be read");
		await expect(readTable("x", {})).rejects.toThrow(
			'readTable: the columns must be "number" or "text" for each column',
		);
	});

	test("a text that is not UTF-8 is told where", async () => {
		const path = written(new Uint8Array([97, 10, 98, 0xe9, 99]), "latin.txt");
		await expect(readText(path)).rejects.toThrow(
			"readText: latin.txt, line 2, column 2: the file is not UTF-8 there",
		);
		expect(await readText(written("ñandú\r\nx", "fine.txt"))).toBe("ñandú\nx");
	});
});

describe("download", () => {
	const content = Buffer.from(
		Array.from({ length: 200_000 }, (_, i) => (i * 31) % 251),
	);
	const sha256 = createHash("sha256").update(content).digest("hex");
	let server: Server | undefined;
	let cache = 0;
	afterEach(() => {
		server?.closeAllConnections();
		server?.close();
	});
	const serve = async (listener: RequestListener) => {
		server = createServer(listener);
		await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}/large.bin`;
	};
	const fresh = () => ({
		sha256,
		folder: join(folder, `cache-${++cache}`),
		patience: 2000,
	});
	/** Answers as a server with ranges does. */
	const answer = (
		from: number,
		to = content.length,
	): [number, Record<string, string | number>, Buffer] => [
		from > 0 ? 206 : 200,
		{ "content-length": content.length - from },
		content.subarray(from, to),
	];
	const rangeOf = (range: string | undefined) =>
		Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);

	test("fetches a file once, tells its progress, and follows a redirect", async () => {
		let asked = 0;
		const url = await serve((request, response) => {
			asked++;
			if (request.url === "/large.bin") {
				response.writeHead(302, { location: "/there" }).end();
				return;
			}
			const [status, headers, body] = answer(0);
			response.writeHead(status, headers).end(body);
		});
		const how = fresh();
		const seen: [number, number | undefined][] = [];
		const path = await download(url, {
			...how,
			progress: (...at) => seen.push(at),
		});
		expect(readFileSync(path).equals(content)).toBe(true);
		expect(seen.at(-1)).toEqual([content.length, content.length]);
		expect(asked).toBe(2);
		expect(await download(url, how)).toBe(path);
		expect(asked).toBe(2);
	});

	test("goes on where the connection was cut, now and in a later call", async () => {
		const asked: number[] = [];
		const url = await serve((request, response) => {
			const from = rangeOf(request.headers.range);
			asked.push(from);
			const [status, headers, body] = answer(from, from + 60_000);
			response.writeHead(status, headers);
			if (from + 60_000 >= content.length) response.end(body);
			else
				response.write(body, () => setTimeout(() => response.destroy(), 300));
		});
		const how = fresh();
		await expect(download(url, { ...how, retries: 1 })).rejects.toThrow(
			/cannot be fetched: .*bytes are kept, and the next call goes on from there\. Without a network, put the file at/,
		);
		expect(
			readFileSync(await download(url, { ...how, retries: 9 })).equals(content),
		).toBe(true);
		expect(asked.length).toBeGreaterThan(2);
		expect(asked.slice(1).every((from, i) => from >= asked[i])).toBe(true);
		expect(readdirSync(how.folder)).toHaveLength(1);
	});

	test("another file than the one wanted is not kept", async () => {
		const url = await serve((_, response) => {
			const wrong = Buffer.from(content);
			wrong[1000] ^= 1;
			response.end(wrong);
		});
		const how = fresh();
		await expect(download(url, how)).rejects.toThrow(
			"is not the file that was wanted: SHA-256",
		);
		expect(readdirSync(how.folder)).toEqual([]);
	});

	test("a server that knows no ranges is read from the start again", async () => {
		let asked = 0;
		const url = await serve((_, response) => {
			if (asked++ === 0) {
				response.writeHead(200, { "content-length": content.length });
				response.write(content.subarray(0, 5000), () =>
					setTimeout(() => response.destroy(), 300),
				);
			} else response.end(content);
		});
		expect(readFileSync(await download(url, fresh())).equals(content)).toBe(
			true,
		);
	});

	test("a server that stalls, refuses, or is not there is told", async () => {
		const stalls = await serve((_, response) => {
			response.write("a");
		});
		await expect(
			download(stalls, { ...fresh(), patience: 100, retries: 0 }),
		).rejects.toThrow("nothing came for 100 ms");
		server?.closeAllConnections();
		server?.close();
		let asked = 0;
		const refuses = await serve((_, response) => {
			asked++;
			response.writeHead(404).end();
		});
		await expect(download(refuses, fresh())).rejects.toThrow(
			"the server answers 404 Not Found",
		);
		expect(asked).toBe(1);
		const how = fresh();
		await expect(
			download("http://127.0.0.1:9/large.bin", { ...how, retries: 0 }),
		).rejects.toThrow(
			/cannot be fetched: .*(ECONNREFUSED|bad port).*Without a network, put the file at/,
		);
		expect(existsSync(how.folder)).toBe(true);
		await expect(download("ftp://x/y", how)).rejects.toThrow(
			'download: the address must be an address, such as "https://…", got "ftp://x/y"',
		);
	});
});
