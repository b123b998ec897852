/** What went wrong and what to do, in the one sentence that is printed: no trace follows it. */
export class Problem extends Error {
	plain = true;
}

/**
 * Runs a program, whose exit code is what it returns, or 1 after a {@link Problem}, whose message is printed.
 * @param {() => Promise<number | void>} main
 */
export async function runMain(main) {
	try {
		process.exitCode = (await main()) || 0;
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		console.error(error.message);
		process.exitCode = 1;
	}
}

const again = "then run the command again";

/** Signs in the output of npm, pip and Node's file system, and the sentence each one stands for. */
const signs = /** @type {const} */ ([
	[
		/spawn npm ENOENT/,
		`npm is missing: install it (it comes with Node from https://nodejs.org), ${again}.`,
	],
	[
		/ENOSPC|No space left on device|Disk quota exceeded|EDQUOT/i,
		`the disk is full: free about 1.5 GB where the project lies, ${again}.`,
	],
	[
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|NewConnectionError|NameResolutionError|Temporary failure in name resolution|ConnectTimeout|ReadTimeout|Network is unreachable|ProxyError/,
		`the package registry cannot be reached: check the network (and any proxy settings), ${again}.`,
	],
	[
		/SELF_SIGNED_CERT|UNABLE_TO_(?:GET|VERIFY)|CERTIFICATE_VERIFY_FAILED/,
		`the package registry's certificate is not trusted: check the clock and any proxy's certificate, ${again}.`,
	],
	[
		/EUSAGE[\s\S]*in sync/,
		"package.json and package-lock.json disagree: run `npm install`, and commit both.",
	],
	[
		/EACCES|EPERM|EROFS|Permission denied|Read-only file system/,
		`a file may not be written: make the project's folder yours (no sudo is needed), ${again}.`,
	],
]);

/**
 * The sentence for a step that failed.
 * @param {string} what the step, as the subject of the sentence: "Installing Node packages"
 * @param {string} output all that it printed
 */
export function explain(what, output) {
	const sign = signs.find(([pattern]) => pattern.test(output));
	const why = sign ? sign[1] : "the lines above say why.";
	return `${what} failed: ${why}`;
}

/**
 * The last lines of an output, for when no sentence fits it.
 * @param {string} output
 */
export const tail = (output, lines = 30) =>
	output.trimEnd().split("\n").slice(-lines).join("\n");

/** @param {string} output */
export const isKnown = (output) =>
	signs.some(([pattern]) => pattern.test(output));
