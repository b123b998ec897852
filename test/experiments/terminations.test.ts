import { test } from "vitest";
import { endless, interruptAll } from "../kernel/terminated.ts";

test.each(Object.keys(endless))(
	"200 interrupts at random moments inside of %s leave all whole",
	{ timeout: 3_600_000 },
	(work) => interruptAll(work, 200),
);
