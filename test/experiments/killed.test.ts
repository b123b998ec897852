import { test } from "vitest";
import { killed } from "../lib/save/killing.ts";

test("a training that is killed 200 times while it writes goes on as if it had not been", () =>
	killed(200));
