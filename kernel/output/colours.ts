const colour =
	(on: number, off: number) =>
	(text: string): string =>
		`\u001b[${on}m${text}\u001b[${off}m`;

export const red = colour(31, 39);
