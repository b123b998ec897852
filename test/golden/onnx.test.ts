import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { onnxCases } from "./onnx-networks.ts";

/** What ONNX Runtime made of each file; `npm run bench -- elsewhere --write` asks it anew. */
interface Answer {
	name: string;
	sha256: string;
	outputs: number[];
	shape: number[];
}

const file = new URL("fixtures/onnx.json", import.meta.url);
const answers: Answer[] = JSON.parse(readFileSync(file, "utf8")).cases;
const cases = onnxCases();

test("every network has an answer", () => {
	const names = (all: readonly { name: string }[]) =>
		all.map(({ name }) => name);
	expect(names(cases)).toEqual(names(answers));
});

test.each(cases)(
	"$name: the file that ONNX Runtime read, and its outputs",
	({ name, bytes, outputs }) => {
		const answer = answers.find((other) => other.name === name) as Answer;
		const sha256 = createHash("sha256").update(bytes).digest("hex");
		expect(sha256, "run npm run bench -- elsewhere --write").toBe(
			answer.sha256,
		);
		expect(outputs.shape).toEqual(answer.shape);
		answer.outputs.flat(9).forEach((value, i) => {
			expect(outputs.data[i]).toBeCloseTo(value, 5);
		});
	},
);
