/** Two texts that mean the same: what a network reads, and what it shall write. */
export interface TextPair {
	source: string;
	target: string;
}
