import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { inVenv, type Notebook, notebook, text } from "./notebooks.ts";

test("a lesson reaches no address, not even one of this machine, where the system can take the network away", async () => {
	const server = createServer((_, answer) => answer.end("an answer"));
	await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
	const { port } = server.address() as AddressInfo;
	const folder = join(project, "test/report/offline");
	mkdirSync(folder, { recursive: true });
	const [source, result] = ["source", "asks"].map((name) =>
		join(folder, `${name}.ipynb`),
	);
	const asks = `await fetch("http://127.0.0.1:${port}").then((answer) => answer.text(), () => "no network")`;
	writeFileSync(source, JSON.stringify(notebook(asks)));
	const { code, output } = await inVenv("python", [
		join(project, "test/lessons/execute.py"),
		...[source, folder, result],
	]);
	server.close();
	expect(code, output).toBe(0);
	const { online } = JSON.parse(output.trim().split("\n").at(-1) ?? "");
	const { cells }: Notebook = JSON.parse(readFileSync(result, "utf8"));
	const said = cells[0].outputs?.[0].data?.["text/plain"] as string;
	expect(text(said)).toContain(online === null ? "no network" : "an answer");
});
