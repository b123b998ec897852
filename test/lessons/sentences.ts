/** Full stops that end no sentence. */
const abbreviation =
	/(?:\b(?:e\.g|i\.e|cf|vs|et al|etc|ca|approx|Fig|Figs|Eq|Eqs|Sec|Ch|No|Dr|Mr|Mrs|St|pp)|\b[A-Z])\.$/;

/**
 * Lines of Markdown in which a second sentence begins. Code, mathematics and tables are left alone.
 */
export function crowdedLines(markdown: string): string[] {
	const prose = markdown
		.replace(/^(```|~~~)[\s\S]*?^\1.*$/gm, "")
		.replace(/\$\$[\s\S]*?\$\$/g, "");
	return prose.split("\n").filter((line) => {
		if (/^\s*\|/.test(line)) return false;
		const plain = line
			.replace(/`[^`]*`/g, "Code")
			.replace(/\$[^$]*\$/g, "Math")
			.replace(/\]\([^)]*\)/g, "]")
			.replace(/^\s*(?:(?:[-*+]|>|#+)\s+)?(?:\*\*)?(?:\d+\.\s+)?/, "");
		const ends = [
			...plain.matchAll(/[.!?…][)\]"'”’*_]*\s+(?=["'“‘(*_[]*[A-ZÀ-Þ])/g),
		];
		return ends.some(
			(end) => !abbreviation.test(plain.slice(0, end.index + 1)),
		);
	});
}
