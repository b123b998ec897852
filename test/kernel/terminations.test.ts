import { test } from "vitest";
import { endless, interruptAll } from "./terminated.ts";

/** Short of what test/experiments/terminations.test.ts does in full. */
test.each(Object.keys(endless))(
	"what an interrupt inside of %s leaves is whole, and trains on as an uninterrupted twin",
	(work) => interruptAll(work, 8),
);

test("SIGINT leaves it whole as well", () =>
	interruptAll("noGrad evaluation", 4, "signal"));
