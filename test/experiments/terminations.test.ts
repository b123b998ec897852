import { test } from "vitest";
import { endless, interruptOften, startTwins } from "../kernel/terminated.ts";

test.each(Object.keys(endless))(
	"200 interrupts at random moments inside of %s leave all whole",
	{ timeout: 3_600_000 },
	async (work) => interruptOften(await startTwins(), work, 200),
);
