import { describe, expect, test } from "vitest";
import { type Kind, wrongs } from "./kinds.ts";
import { expectOwn, outcome } from "./outcome.ts";
import { modules, type Row, rows, without } from "./table.ts";

/** The argument in its place among right ones. */
const among = ({ kinds }: Row, at: number, value: unknown) =>
	kinds.map((kind, i) => (i === at ? value : kind.good()));

test("every exported function has a row in test/exports/rows", () => {
	const functions = Object.entries(modules)
		.filter(([, value]) => typeof value === "function")
		.map(([name]) => name);
	const named = new Set([...rows.map(({ name }) => name), ...without]);
	expect(functions.filter((name) => !named.has(name))).toEqual([]);
});

describe.each(rows)("$name", (row) => {
	test("takes what is right", async () => {
		const given = row.kinds.map(({ good }) => good());
		const { error } = await outcome(row.call, given);
		expect(error).toBeUndefined();
	});

	test("refuses what is wrong, in words", async () => {
		for (const [at, kind] of row.kinds.entries())
			for (const [name, value] of wrongs) {
				if (kind.accepts(value)) continue;
				const { error } = await outcome(row.call, among(row, at, value));
				const place = `argument ${at}, ${name}`;
				expect(error, place).toBeDefined();
				expectOwn(error, place);
			}
	});

	const takesOptions = row.kinds.some(({ options }) => options);
	if (takesOptions)
		test("refuses wrong options, and unknown ones by name", async () => {
			for (const [at, { options, good }] of row.kinds.entries()) {
				if (!options) continue;
				const without = (name: string, value: unknown) => ({
					...(good() as object),
					[name]: value,
				});
				for (const [option, kind] of Object.entries<Kind>(options))
					for (const [name, value] of wrongs) {
						if (kind.accepts(value)) continue;
						const given = among(row, at, without(option, value));
						const { error } = await outcome(row.call, given);
						const place = `option ${option}, ${name}`;
						expect(error, place).toBeDefined();
						expectOwn(error, place);
					}
				for (const option of Object.keys(options)) {
					const misspelt = `${option}s`;
					if (misspelt in options) continue;
					const given = among(row, at, without(misspelt, 1));
					const { error } = await outcome(row.call, given);
					expect(String(error)).toMatch(
						new RegExp(
							`there is no option ${misspelt}; did you mean ${option}\\? It takes `,
						),
					);
				}
			}
		});
});
