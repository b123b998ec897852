import { type Submission, submissions } from "./abuse.ts";

/** How often each kind comes in a class, of 100. */
const kinds: Record<string, number> = {
	right: 44,
	wrong: 12,
	untouched: 10,
	"by-heart": 6,
	"in-part": 6,
	throws: 6,
	"type-error": 4,
	"throws-behind": 4,
	endless: 3,
	exits: 2,
	"edited-test": 2,
	"no-notebook": 1,
};

/** A class of students who differ, the same for the same seed; the first ones are of each kind once. */
export function generated(students: number, seed: number): Submission[] {
	const all = submissions({ secret: [], mark: "", port: 0 });
	const names = Object.keys(kinds);
	const bag = names.flatMap((name) => Array(kinds[name]).fill(name));
	const random = mulberry32(seed);
	return Array.from({ length: students }, (_, i) => {
		const drawn = bag[Math.floor(random() * bag.length)];
		const kind = i < names.length ? names[i] : drawn;
		const found = all.find(({ name }) => name === kind);
		if (!found) throw new Error(`no submission ${kind} in abuse.ts`);
		return { ...found, name: `${String(i).padStart(3, "0")}-${kind}` };
	});
}

function mulberry32(seed: number) {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}
