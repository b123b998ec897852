import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import {
	expectOptions,
	expectValue,
	optional,
	type Rules,
	text,
	whole,
} from "unrolled/expect";

export interface DownloadOptions {
	/** The SHA-256 of the file in hexadecimal digits: what comes is held against it, and a file that is there is not fetched again. */
	sha256: string;
	/** The folder that keeps it; default `unrolled` in the user's cache (`XDG_CACHE_HOME`, or `~/.cache`). */
	folder?: string;
	/** Told how many bytes are there, and how many there will be, if the server says so. */
	progress?: (received: number, total: number | undefined) => void;
	/** How many milliseconds without a byte are too many; default 30,000. */
	patience?: number;
	/** How often to try again, from where it broke off; default 3. */
	retries?: number;
}

const rules: Rules<DownloadOptions> = {
	sha256: {
		wanted: "64 hexadecimal digits",
		fits: (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value),
	},
	folder: optional(text),
	progress: optional({
		wanted: "a function",
		fits: (value) => typeof value === "function",
	}),
	patience: optional(whole(1)),
	retries: optional(whole()),
};
const aUrl = {
	wanted: 'an address, such as "https://…"',
	fits: (value: unknown) =>
		typeof value === "string" &&
		/^https?:\/\/./.test(value) &&
		URL.canParse(value),
};

/**
 * Fetches a file once, and keeps it: the path of the file. What broke off goes on where it stopped, and only a file with the SHA-256 that is written down is
 * kept.
 *
 * ```ts
 * const path = await download("https://example.org/large.txt", { sha256: "9f86d0…" });
 * for await (const window of textWindows(createReadStream(path, "utf8"), { vocabulary, batch: 32, steps: 50 })) …
 * ```
 *
 * @throws when there is no network and no file, the server refuses, nothing comes for too long, or what comes is another file; nothing wrong is kept.
 */
export async function download(
	url: string,
	options: DownloadOptions,
): Promise<string> {
	expectValue("download", "the address", url, aUrl);
	const {
		sha256,
		progress,
		patience = 30_000,
		retries = 3,
		folder = join(
			process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
			"unrolled",
		),
	} = expectOptions("download", options, rules);
	const name = basename(new URL(url).pathname) || "file";
	const path = join(folder, `${sha256.slice(0, 12)}-${name}`);
	if ((await sumOf(path)) === sha256) return path;
	await mkdir(folder, { recursive: true });
	const part = `${path}.part`;
	for (let attempt = 0; ; attempt++) {
		try {
			await fetchRest(url, part, { patience, progress });
			break;
		} catch (cause) {
			const { message, final } = cause as Failure;
			if (final || attempt >= retries) {
				const size = await sizeOf(part);
				const kept =
					size > 0
						? `; ${size} bytes are kept, and the next call goes on from there`
						: "";
				throw new Error(
					`download: ${url} cannot be fetched: ${message}${kept}. Without a network, put the file at ${path}`,
					{ cause },
				);
			}
		}
	}
	const sum = await sumOf(part);
	if (sum !== sha256) {
		await rm(part, { force: true });
		throw new Error(
			`download: ${url} is not the file that was wanted: SHA-256 ${sum?.slice(0, 12)}…, wanted ${sha256.slice(0, 12)}…. It may have changed, or been damaged on its way; nothing was kept`,
		);
	}
	await rename(part, path);
	return path;
}

/** Why a try failed, and whether another would fail too. */
interface Failure extends Error {
	final?: boolean;
}

/** Fetches what is not there yet, and adds it. */
async function fetchRest(
	url: string,
	part: string,
	{
		patience,
		progress,
	}: { patience: number; progress?: DownloadOptions["progress"] },
): Promise<void> {
	let received = await sizeOf(part);
	const stop = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const waiting = () => {
		clearTimeout(timer);
		timer = setTimeout(
			() => stop.abort(new Error(`nothing came for ${patience} ms`)),
			patience,
		);
	};
	try {
		waiting();
		const response = await fetch(url, {
			signal: stop.signal,
			headers: received > 0 ? { range: `bytes=${received}-` } : {},
		});
		if (response.status === 416) {
			// there is no more: what is here is whole, or another file
			await response.body?.cancel();
			return;
		}
		if (!response.ok) {
			await response.body?.cancel();
			const failure: Failure = new Error(
				`the server answers ${response.status} ${response.statusText}`,
			);
			failure.final = response.status < 500;
			throw failure;
		}
		// a server that knows no ranges begins anew
		if (response.status !== 206) received = 0;
		const length = Number(response.headers.get("content-length"));
		const total = length > 0 ? received + length : undefined;
		const file = await open(part, received > 0 ? "a" : "w");
		try {
			for await (const chunk of response.body ?? []) {
				waiting();
				await file.write(chunk);
				received += chunk.length;
				progress?.(received, total);
			}
		} finally {
			await file.close();
		}
		if (total !== undefined && received < total)
			throw new Error(
				`the connection broke off after ${received} of ${total} bytes`,
			);
	} catch (error) {
		throw stop.signal.aborted ? stop.signal.reason : reasonOf(error as Error);
	} finally {
		clearTimeout(timer);
	}
}

/** What lies behind `fetch failed`. */
function reasonOf(error: Error): Error {
	const { cause } = error as { cause?: NodeJS.ErrnoException };
	return cause?.message || cause?.code
		? new Error(cause.message || cause.code, { cause: error })
		: error;
}

const sizeOf = (path: string): Promise<number> =>
	stat(path).then(
		({ size }) => size,
		() => 0,
	);

/** The SHA-256 of a file; undefined where there is none. */
async function sumOf(path: string): Promise<string | undefined> {
	if ((await sizeOf(path)) === 0) return undefined;
	const hash = createHash("sha256");
	for await (const chunk of createReadStream(path)) hash.update(chunk);
	return hash.digest("hex");
}
