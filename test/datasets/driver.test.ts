import {
	drive,
	expertAction,
	recordings,
	type Track,
	track,
	view,
} from "@unrolled/datasets";
import { random } from "unrolled";
import { describe, expect, test } from "vitest";

const roads = (count: number, steps: number, seed = 1): Track[] => {
	const source = random(seed);
	return Array.from({ length: count }, () => track({ steps, random: source }));
};
const expertOn = (road: Track) =>
	drive(road, (_, row, column) => expertAction(road, row, column));

describe("the driver's tracks", () => {
	test("the expert finishes each of them, of any length", () => {
		for (const steps of [20, 64, 120])
			for (const road of roads(100, steps))
				expect(expertOn(road).end).toBe("finished");
	});

	test("a sign is seen for two steps, and its fork comes 11 to 14 steps later, out of sight until then", () => {
		for (const road of roads(50, 64)) {
			expect(road.forks.length).toBeGreaterThanOrEqual(2);
			road.signs.forEach(({ side }, i) => {
				const { row: fork, open } = road.forks[i];
				expect(side).toBe(open);
				const seenAt = Array.from({ length: fork }, (_, row) => row).filter(
					(row) => {
						const pixels = view(road, row, 4);
						return pixels
							.slice(0, 2)
							.some((line) => line[side < 0 ? 0 : 8] === 0.5);
					},
				);
				const own = seenAt.filter(
					(row) => row > (road.forks[i - 1]?.row ?? -1),
				);
				expect(own).toHaveLength(2);
				const wait = fork - own[1];
				expect(wait).toBeGreaterThanOrEqual(11);
				expect(wait).toBeLessThanOrEqual(14);
				expect(own[1] + 8).toBeLessThan(fork);
			});
		}
	});

	test("both sides of a fork look alike, and the expert is in the middle until then", () => {
		for (const road of roads(50, 64)) {
			const { columns } = expertOn(road);
			for (const { row } of road.forks) {
				expect(columns[row - 4]).toBe(4);
				for (let i = row; i < row + 3; i++) {
					const line = road.rocks[i];
					expect(line.toReversed()).toEqual(line);
				}
			}
		}
	});

	test("who drives straight on meets a rock or a fork, and who guesses the side gets it right half of the time", () => {
		const ends = roads(100, 64).map((road) => drive(road, () => 1).end);
		expect(ends.filter((end) => end === "finished").length).toBeLessThan(3);
		const guess = random(9);
		const passed = roads(200, 30, 5).map((road) => {
			const side = guess.integer(2) === 0 ? (-1 as const) : (1 as const);
			const other = {
				...road,
				forks: road.forks.map(({ row }) => ({ row, open: side })),
			};
			return drive(road, (_, row, column) => expertAction(other, row, column))
				.end;
		});
		const share = passed.filter((end) => end === "finished").length / 200;
		expect(share).toBeGreaterThan(0.35);
		expect(share).toBeLessThan(0.65);
	});

	test("recordings hold what was seen, and what the expert wanted, slips or not", () => {
		const made = recordings({
			tracks: 20,
			steps: 64,
			slips: 0.2,
			random: random(3),
		});
		for (const { track: road, views, actions } of made) {
			expect([views.length, actions.length]).toEqual([64, 64]);
			views.forEach((pixels, row) => {
				const column = pixels.slice(72).indexOf(0.25);
				expect(pixels).toEqual(view(road, row, column).flat());
				expect(actions[row]).toBe(expertAction(road, row, column));
			});
		}
		expect(new Set(made.flatMap(({ actions }) => actions))).toEqual(
			new Set([0, 1, 2]),
		);
	});

	test("what cannot be is refused", () => {
		const [road] = roads(1, 20);
		expect(() => view(road, 99, 4)).toThrow(
			"view: the row must be a whole number from 0 to 29, got 99",
		);
		expect(() => drive(road, () => 3)).toThrow(
			"drive: what the policy gives must be a whole number from 0 to 2, got 3",
		);
		expect(() => track({ steps: 5, random: random(1) })).toThrow(
			"track: steps must be a whole number of at least 20, got 5",
		);
		expect(() => expertAction({} as never, 0, 4)).toThrow(
			"expertAction: the track must be what track gives, got {}",
		);
	});
});
