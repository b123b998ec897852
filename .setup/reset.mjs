import { guard } from "./children.mjs";
import { ensure } from "./ensure.mjs";
import { languageInfo } from "./language.mjs";
import { reset } from "./lessons.mjs";
import { project } from "./places.mjs";

/**
 * `npm run reset 03`: brings lesson 03 back as it was, and keeps what was made of it beside it.
 * @param {string[]} args
 */
export async function main(args) {
	guard();
	await ensure(project);
	const { name, kept } = reset(project, args[0], await languageInfo(project));
	console.log(
		kept
			? `work/${name} is as it was; yours is now work/${kept}. Open in JupyterLab? Close it there first, then open it again.`
			: `work/${name} is as it was.`,
	);
	return 0;
}
