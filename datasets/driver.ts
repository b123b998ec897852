import type { Random } from "unrolled";
import {
	expectOptions,
	expectValue,
	optional,
	size,
	source,
	whole,
} from "unrolled/expect";

/** How many columns a road has, and how many rows the driver sees. */
const WIDE = 9;
const SEEN = 9;
const MIDDLE = 4;

/** A road to drive along, row by row. */
export interface Track {
	/** [rows][9]: 1 where a rock lies, or the wall in the middle of a fork. */
	rocks: number[][];
	/** Where the road forks: who is on the other side than `open` in that row is out. Both sides look alike. */
	forks: { row: number; open: -1 | 1 }[];
	/** Signs that stand far ahead of the forks: on the side that is open. */
	signs: { row: number; side: -1 | 1 }[];
}

const trackRules = {
	steps: whole(20),
	delay: optional(whole(6, 40)),
	random: source,
};

/**
 * A road of 9 columns with rocks to dodge, and forks of which one side is open: a sign, seen for two steps far ahead, says which. When the fork
 * comes, 11 to 14 steps later, the sign is long out of sight: only who remembers it gets through.
 * @throws when there are fewer than 20 steps, or the delay is not from 6 to 40.
 */
export function track(options: {
	/** How many rows to drive. */
	steps: number;
	/** How many steps lie between the last sight of a sign and its fork; default 11 to 14, by chance. */
	delay?: number;
	random: Random;
}): Track {
	const { steps, delay, random } = expectOptions("track", options, trackRules);
	const length = steps + SEEN + 1;
	const rocks = Array.from({ length }, () => new Array<number>(WIDE).fill(0));
	const forks: Track["forks"] = [];
	const signs: Track["signs"] = [];
	for (let from = 4; ; ) {
		const wait = delay ?? 11 + random.integer(4);
		/** The row in which the driver sees the sign for the last time. */
		const last = from + random.integer(4);
		const row = last + wait;
		if (row + 3 > steps) break;
		const open = random.integer(2) === 0 ? -1 : 1;
		signs.push({ row: last + SEEN - 2, side: open });
		forks.push({ row, open });
		for (let i = row; i < row + 3; i++) rocks[i].fill(1, 3, 6);
		from = row + 4;
	}
	const near = (row: number) =>
		forks.some((fork) => row >= fork.row - 7 && row <= fork.row + 4);
	for (let row = 6; row < length; row += 3)
		if (!near(row))
			for (let i = 0; i < 3; i++) rocks[row][random.integer(WIDE)] = 1;
	return { rocks, forks, signs };
}

const aTrack = {
	wanted: "what track gives",
	fits: (value: unknown) => {
		const { rocks, forks, signs } = (value ?? {}) as Partial<Track>;
		return [rocks, forks, signs].every(Array.isArray);
	},
};
const aColumn = whole(0, WIDE - 1);

function expectPlace(
	place: string,
	road: Track,
	row: number,
	column: number,
): void {
	expectValue(place, "the track", road, aTrack);
	expectValue(place, "the row", row, whole(0, road.rocks.length - 1));
	expectValue(place, "the column", column, aColumn);
}

/**
 * What the driver sees: [9][9] from the row furthest ahead down to its own. A rock is 1, a sign 0.5, the driver itself 0.25.
 * @throws when the place is not on the track.
 */
export function view(road: Track, row: number, column: number): number[][] {
	expectPlace("view", road, row, column);
	const seen = Array.from({ length: SEEN }, (_, i) => {
		const ahead = SEEN - 1 - i;
		const pixels = (
			road.rocks[row + ahead] ?? new Array<number>(WIDE).fill(0)
		).slice();
		const sign = road.signs.find((sign) => sign.row === row + ahead);
		if (sign && ahead >= SEEN - 2) pixels[sign.side < 0 ? 0 : WIDE - 1] = 0.5;
		return pixels;
	});
	seen[SEEN - 1][column] = 0.25;
	return seen;
}

/** To the left, straight on, to the right: the column changes by the index − 1. */
export const driverActions = ["left", "straight", "right"] as const;

/** Where the driver is after an action, and whether it is out. */
function after(road: Track, row: number, column: number, action: number) {
	const next = Math.min(WIDE - 1, Math.max(0, column + action - 1));
	const fork = road.forks.find((fork) => fork.row === row + 1);
	const wrong = fork !== undefined && Math.sign(next - MIDDLE) !== fork.open;
	const out: Drive["end"] | undefined = wrong
		? "fork"
		: road.rocks[row + 1]?.[next]
			? "rock"
			: undefined;
	return { next, out };
}

/**
 * What an expert does, who knows the side that is open: dodges rocks, and else keeps to the middle, so that its place tells nothing of the sign; from
 * three rows before a fork it makes for the open side.
 * @returns an index of `driverActions`
 * @throws when the place is not on the track.
 */
export function expertAction(road: Track, row: number, column: number): number {
	expectPlace("expertAction", road, row, column);
	const forkAt = (r: number) =>
		road.forks.find((fork) => r >= fork.row - 3 && r <= fork.row + 2);
	/** How bad it is to be there: off the middle is worse than off the open side, so that it does not set out before its time. */
	const off = (r: number, c: number) => {
		const fork = forkAt(r);
		return fork
			? Math.abs(c - MIDDLE - 3 * fork.open)
			: 3 * Math.abs(c - MIDDLE);
	};
	/** The cost of the best way on from a place, as far as the driver sees. */
	const cost = new Map<string, number>();
	const best = (r: number, c: number): number => {
		if (r >= row + SEEN - 1 || r + 1 >= road.rocks.length) return 0;
		const key = `${r},${c}`;
		const known = cost.get(key);
		if (known !== undefined) return known;
		const least = Math.min(...[1, 0, 2].map((action) => through(r, c, action)));
		cost.set(key, least);
		return least;
	};
	const through = (r: number, c: number, action: number): number => {
		const { next, out } = after(road, r, c, action);
		const turned = action === 1 ? 0 : 0.1;
		return (out ? 1000 : 0) + off(r + 1, next) + turned + best(r + 1, next);
	};
	const costs = [0, 1, 2].map((action) => through(row, column, action));
	return costs.indexOf(Math.min(...costs));
}

/** How a drive went. */
export interface Drive {
	/** The column in each row, from the start. */
	columns: number[];
	/** How many rows were driven. */
	rows: number;
	/** `"finished"`, or what it ended at: a rock, or the side of a fork that is not open. */
	end: "finished" | "rock" | "fork";
}

/**
 * Drives along a track by a policy, which is given what the driver sees [9][9] and returns an index of `driverActions`. It starts in the middle.
 * @throws when the policy gives no action.
 */
export function drive(
	road: Track,
	policy: (seen: number[][], row: number, column: number) => number,
	options: {
		/** How many rows to drive; default as many as the track was made for. */
		steps?: number;
	} = {},
): Drive {
	expectValue("drive", "the track", road, aTrack);
	expectValue("drive", "the policy", policy, {
		wanted: "a function from what is seen to an action",
		fits: (value) => typeof value === "function",
	});
	const most = road.rocks.length - SEEN - 1;
	const { steps = most } = expectOptions("drive", options, {
		steps: optional(whole(1, most)),
	});
	const columns = [MIDDLE];
	for (let row = 0; row < steps; row++) {
		const column = columns[row];
		const action = policy(view(road, row, column), row, column);
		expectValue("drive", "what the policy gives", action, whole(0, 2));
		const { next, out } = after(road, row, column, action);
		columns.push(next);
		if (out) return { columns, rows: row + 1, end: out };
	}
	return { columns, rows: steps, end: "finished" };
}

const recordingRules = {
	tracks: size,
	steps: whole(20),
	delay: optional(whole(6, 40)),
	slips: optional({
		wanted: "a number in [0, 1)",
		fits: (value: unknown) =>
			typeof value === "number" && value >= 0 && value < 1,
	}),
	random: source,
};

/** A recorded drive: what was seen, and what the expert would have done. */
export interface Recording {
	track: Track;
	/** [steps][81]: the pixels of each view, row by row. */
	views: number[][];
	/** [steps]: indices of `driverActions`. */
	actions: number[];
}

/**
 * Drives of the expert, recorded to imitate. Now and then its hand slips, and it drives on from where that leads; what is recorded is what it wanted
 * to do. So an imitator learns to come back.
 * @throws when an option is out of its range.
 */
export function recordings(options: {
	/** How many drives, each on a track of its own. */
	tracks: number;
	steps: number;
	/** As for `track`. */
	delay?: number;
	/** How often the hand slips; default 0.1. */
	slips?: number;
	random: Random;
}): Recording[] {
	const {
		tracks,
		slips = 0.1,
		...how
	} = expectOptions("recordings", options, recordingRules);
	const { random, steps } = how;
	return Array.from({ length: tracks }, () => {
		const road = track(how);
		const views: number[][] = [];
		const actions: number[] = [];
		drive(
			road,
			(seen, row, column) => {
				const wanted = expertAction(road, row, column);
				views.push(seen.flat());
				actions.push(wanted);
				const slipped = random.uniform() < slips ? random.integer(3) : wanted;
				const { next, out } = after(road, row, column, slipped);
				// a slip may not end the drive, nor leave it no way on
				const lost = out || dead(road, row + 1, next);
				return lost ? wanted : slipped;
			},
			{ steps },
		);
		return { track: road, views, actions };
	});
}

/** Whether no way leads on from a place. */
function dead(road: Track, row: number, column: number, ahead = 6): boolean {
	if (ahead === 0 || row + 1 >= road.rocks.length) return false;
	return [0, 1, 2].every((action) => {
		const { next, out } = after(road, row, column, action);
		return out !== undefined || dead(road, row + 1, next, ahead - 1);
	});
}
