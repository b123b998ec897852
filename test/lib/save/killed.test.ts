import { test } from "vitest";
import { killed } from "./killing.ts";

test("a training that is killed five times while it writes goes on as if it had not been", () =>
	killed(5));
