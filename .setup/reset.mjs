import { guard } from "./children.mjs";
import { ensure } from "./ensure.mjs";
import { languageInfo } from "./language.mjs";
import { reset } from "./lessons.mjs";
import { places, project } from "./places.mjs";

/**
 * `npm run reset 03`: brings lesson 03 back as it was, and keeps what was made of it beside it. More numbers, more lessons.
 * @param {string[]} args
 */
export async function main(args) {
	guard();
	await ensure(project);
	const folders = places(project);
	const language = await languageInfo(project);
	for (const which of args.length > 0 ? args : [""]) {
		const { name, kept } = reset(folders, which, language);
		console.log(
			kept
				? `${name} is as it was, and yours is now ${kept}. If it is open in JupyterLab, close it and open it again.`
				: `${name} is as it was.`,
		);
	}
	return 0;
}
