/**
 * Networks that go elsewhere and come back, live: `npm run bench -- elsewhere [--write]`.
 *
 * ONNX Runtime runs every file that `toOnnx` makes of test/golden/onnx-networks.ts; PyTorch loads every network of test/golden/saved-networks.ts
 * from a file written here, and this library loads what PyTorch saves. Largest differences are printed; one above 1e-5 ends with status 1.
 * `--write` keeps ONNX Runtime's answers in test/golden/fixtures/onnx.json. PyTorch is some GB to install, into a .venv beside this file.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
	loadPytorch,
	random,
	readSafetensors,
	tensor,
	toPytorch,
	writeSafetensors,
} from "unrolled";
import { onnxCases } from "../../golden/onnx-networks.ts";
import { networks, takesIds } from "../../golden/saved-networks.ts";

const here = import.meta.dirname;
const { values: options } = parseArgs({
	options: { write: { type: "boolean", default: false } },
});

const python = join(here, ".venv", "bin", "python");
if (!existsSync(python)) {
	const say = { cwd: here, stdio: "inherit" };
	execFileSync("python3", ["-m", "venv", ".venv"], say);
	const install = ["-m", "pip", "install", "--quiet", "-r", "requirements.txt"];
	execFileSync(python, install, say);
}

/** The answers of a Python script to questions, a line of JSON each. */
function ask(script, questions) {
	const lines = questions.map((question) => JSON.stringify(question));
	const answers = execFileSync(python, [join(here, script)], {
		input: `${lines.join("\n")}\n`,
		stdio: ["pipe", "pipe", "inherit"],
		maxBuffer: 2 ** 28,
	});
	return answers
		.toString()
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
}

let worst = 0;
function compare(name, ours, theirs) {
	const flat = theirs.flat(9);
	const off = ours.data.reduce(
		(most, value, i) => Math.max(most, Math.abs(value - flat[i])),
		flat.length === ours.size ? 0 : Infinity,
	);
	// NaN counts as the largest difference
	worst = off <= worst ? worst : off;
	console.log(`${off.toExponential(1).padStart(8)}  ${name}`);
}

console.log("ONNX Runtime, largest difference:");
const cases = onnxCases();
const folder = mkdtempSync(join(tmpdir(), "unrolled-onnx-"));
try {
	const questions = cases.map(({ bytes, input, lengths }, i) => {
		const file = join(folder, `${i}.onnx`);
		writeFileSync(file, bytes);
		const ids = typeof input[0][0] === "number";
		const x = ids ? { ids: ["int64", input] } : { x: ["float32", input] };
		const inputs = lengths ? { ...x, lengths: ["int32", lengths] } : x;
		return { file, inputs };
	});
	const answers = ask("onnx_run.py", questions);
	cases.forEach(({ name, outputs }, i) => {
		compare(name, outputs, answers[i].outputs);
	});
	if (options.write) {
		const lines = cases.map(({ name, bytes }, i) => {
			const sha256 = createHash("sha256").update(bytes).digest("hex");
			return JSON.stringify({ name, sha256, ...answers[i] });
		});
		writeFileSync(
			join(here, "../../golden/fixtures/onnx.json"),
			`{"madeBy":{"onnxruntime":"1.32.0"},"cases":[\n${lines.join(",\n")}\n]}\n`,
		);
	}
} finally {
	rmSync(folder, { recursive: true });
}

console.log("PyTorch, largest difference:");
const names = Object.keys(networks);
const source = random(1);
const apply = (name, { apply }, x) => apply(takesIds.has(name) ? x : tensor(x));
const saved = ask(
	"torch_run.py",
	names.map((cell) => ({ cell })),
);
names.forEach((name, i) => {
	const ours = networks[name]();
	const bytes = Buffer.from(saved[i].file, "base64");
	loadPytorch(ours.parts, readSafetensors(bytes).tensors);
	compare(
		`${name}, saved there`,
		apply(name, ours, saved[i].x),
		saved[i].outputs,
	);
});
const written = names.map((name) => {
	const ours = networks[name]();
	const x = Array.from({ length: 5 }, () =>
		Array.from({ length: 2 }, () =>
			takesIds.has(name)
				? source.integer(7)
				: Array.from({ length: 3 }, () => source.normal()),
		),
	);
	const file = writeSafetensors(toPytorch(ours.parts));
	const question = {
		cell: name,
		file: Buffer.from(file).toString("base64"),
		x,
	};
	return { question, outputs: apply(name, ours, x) };
});
const loaded = ask(
	"torch_run.py",
	written.map(({ question }) => question),
);
names.forEach((name, i) => {
	compare(`${name}, saved here`, written[i].outputs, loaded[i].outputs);
});
if (!(worst < 1e-5)) process.exitCode = 1;
