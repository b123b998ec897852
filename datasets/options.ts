/** Checks that the sizes a generator is given are whole numbers, each at least `least`, and passes the options on. */
export function whole<Options>(
	place: string,
	options: Options,
	least: { [size in keyof Options]?: number },
): Options {
	for (const size of Object.keys(least) as (keyof Options & string)[])
		if (
			!(
				Number.isInteger(options[size]) &&
				Number(options[size]) >= Number(least[size])
			)
		)
			throw new Error(
				`${place}: ${size} must be a whole number ≥ ${least[size]}, got ${options[size]}`,
			);
	return options;
}
