import {
	loadPytorch,
	readSafetensors,
	tensor,
	toPytorch,
	writeSafetensors,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { fixtures } from "./fixtures.ts";
import { networks, takesIds } from "./saved-networks.ts";

const cases = fixtures("saved");

describe("networks saved by PyTorch", () => {
	test.each(cases)(
		"$name: runs here as it did there, and goes back as it came",
		(reference) => {
			const { parts, apply } = networks[reference.cell]();
			const bytes = Buffer.from(reference.options?.file as string, "base64");
			const { tensors } = readSafetensors(bytes);
			loadPytorch(parts, tensors);
			const { x } = reference.inputs;
			const ids = takesIds.has(reference.cell);
			const outputs = apply((ids ? x : tensor(x as number[])) as never);
			tensor(reference.results.outputs as number[]).data.forEach((value, i) => {
				expect(outputs.data[i]).toBeCloseTo(value, 5);
			});
			// back: the same names and shapes, and the same sum of its two biases
			const again = readSafetensors(writeSafetensors(toPytorch(parts))).tensors;
			const missing = Object.keys(tensors).filter((name) => !(name in again));
			expect(missing).toEqual([]);
			for (const [name, t] of Object.entries(tensors)) {
				expect(again[name].shape, name).toEqual(t.shape);
				if (!name.includes("bias"))
					expect(again[name].data, name).toEqual(t.data);
			}
		},
	);

	test("every kind has a case", () => {
		expect(new Set(cases.map(({ cell }) => cell))).toEqual(
			new Set(Object.keys(networks)),
		);
	});
});
