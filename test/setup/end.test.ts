import { expect, test } from "vitest";
import { family, type Lab, startLab, survivors } from "./lab.ts";

const npmOf = (lab: Lab) => lab.npm.pid as number;

/** Our own process: the child of npm. */
function nodeOf(lab: Lab) {
	const child = family(npmOf(lab)).find((one) => one.parent === npmOf(lab));
	return child?.pid as number;
}

test.each([
	{ end: "Ctrl-C", kill: (lab: Lab) => process.kill(-npmOf(lab), "SIGINT") },
	{
		end: "SIGTERM to npm",
		kill: (lab: Lab) => process.kill(npmOf(lab), "SIGTERM"),
	},
	{
		end: "SIGKILL of npm",
		kill: (lab: Lab) => process.kill(npmOf(lab), "SIGKILL"),
	},
	{
		end: "SIGKILL of its node process",
		kill: (lab: Lab) => process.kill(nodeOf(lab), "SIGKILL"),
	},
])(
	"$end leaves nothing of npm start running, kernels included",
	async ({ kill }) => {
		const lab = await startLab();
		await lab.ask("api/kernels", { name: "unrolled" });
		const before = family(npmOf(lab));
		expect(before.some((one) => one.command.includes("kernel-"))).toBe(true);
		kill(lab);
		expect(await survivors(before)).toEqual([]);
	},
);
