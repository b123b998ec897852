import { finding } from "unrolled/exercise";
import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
	vi.stubEnv("CI", undefined);
	vi.stubEnv("PYTEST_CURRENT_TEST", undefined);
	return () => vi.unstubAllEnvs();
});

const sentence = "The loss, 2.1, is below 2.5.";

test("a finding that holds shows its sentence, also in a test", () => {
	expect(`${finding(sentence, true)}`).toBe(`✓ ${sentence}`);
	vi.stubEnv("CI", "true");
	expect(finding(sentence, true).holds).toBe(true);
});

test("in a reader's session, a finding that no longer holds says so without an error", () => {
	const found = finding(sentence, false);
	expect(found.holds).toBe(false);
	expect(`${found}`).toBe(
		`✗ With what was changed, this no longer holds: ${sentence}`,
	);
});

test.each([
	["CI", "true"],
	["CI", "1"],
	["PYTEST_CURRENT_TEST", "04-back-propagation.ipynb (call)"],
])(
	"where %s is %s, a finding that does not hold is an error",
	(name, value) => {
		vi.stubEnv(name, value);
		expect(() => finding(sentence, false)).toThrow(
			expect.objectContaining({
				name: "FindingFailed",
				message: `this does not hold: ${sentence}`,
			}),
		);
	},
);

test.each(["", "0", "false"])("CI=%j is no CI", (value) => {
	vi.stubEnv("CI", value);
	expect(finding(sentence, false).holds).toBe(false);
});

test("a finding shows itself as text in a notebook", () => {
	const found = finding(sentence, true) as unknown as Record<
		symbol,
		() => unknown
	>;
	expect(found[Symbol.for("Jupyter.display")]()).toEqual({
		"text/plain": `✓ ${sentence}`,
	});
});
