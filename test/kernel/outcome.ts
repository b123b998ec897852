/** What comes back from a kernel. */
export type Content = Record<string, unknown>;
export type Channel = "shell" | "control" | "stdin";

/** A message from the kernel, with the message that it answers. */
export interface Received {
	type: string;
	content: Content;
	parent: string;
	buffers: Uint8Array[];
	channel: Channel | "iopub";
}

/** What came of a cell: its outputs up to its idle status, and its reply. */
export interface Outcome {
	outputs: Received[];
	reply: Content;
	/** Everything printed to stdout, joined. */
	stdout: string;
	stderr: string;
	/** The plain text of the value of its last expression. */
	text: string | undefined;
	error: { ename: string; evalue: string; traceback: string[] } | undefined;
}

/** Puts together what came of a cell. */
export function outcomeOf(reply: Content, outputs: Received[]): Outcome {
	const printed = (name: string) =>
		outputs
			.filter(({ type, content }) => type === "stream" && content.name === name)
			.map(({ content }) => content.text)
			.join("");
	const of = (type: string) => outputs.find((each) => each.type === type);
	const data = of("execute_result")?.content.data as Content | undefined;
	return {
		outputs,
		reply,
		stdout: printed("stdout"),
		stderr: printed("stderr"),
		text: data?.["text/plain"] as string | undefined,
		error: of("error")?.content as Outcome["error"],
	};
}

/** The text of a traceback without colours. */
export const plain = (lines: readonly string[]): string =>
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours
	lines.join("\n").replace(/\u001b\[[\d;]*m/g, "");
