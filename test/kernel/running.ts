/** Kernels that end with their test, and cells that run. */
import { afterEach } from "vitest";
import { Kernel, type StartOptions } from "./client.ts";

const started: Kernel[] = [];
/** Starts a kernel that is stopped after the test. */
export async function start(options?: StartOptions): Promise<Kernel> {
	const kernel = await Kernel.start(options);
	started.push(kernel);
	return kernel;
}
afterEach(() => Promise.all(started.splice(0).map((kernel) => kernel.stop())));

/** Begins a cell and waits until its code runs. @throws Error when it fails before */
export async function begin(kernel: Kernel, code: string): Promise<string> {
	const id = kernel.begin(`console.log("begun");\n${code}`);
	const begun = () =>
		kernel.published.find(
			({ type, parent }) =>
				(type === "stream" || type === "error") && parent === id,
		);
	const { type, content } = await kernel.until(begun, "beginning of the cell");
	if (type === "error") throw new Error(String(content.evalue));
	return id;
}

export const sleep = (ms: number) =>
	new Promise((done) => setTimeout(done, ms));
