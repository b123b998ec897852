import { escaped } from "./page.ts";

export interface Lesson {
	/** "04-back-propagation" */
	name: string;
	title: string;
	question: string;
	/** Whether there is a picture of it in `assets/covers`. */
	cover: boolean;
}

/** The first page: all lessons with their questions and pictures. */
export function contentsOf(lessons: readonly Lesson[]): string {
	const items = lessons.map(({ name, title, question, cover }) => {
		const picture = cover
			? `<img src="assets/covers/${name}.png" alt="" loading="lazy">`
			: "";
		return `<li><a href="${name}.html">${picture}<br>${escaped(title)}</a><br>${escaped(question)}</li>`;
	});
	return `<h1>Unrolled</h1>
<p>A course on recurrent networks that runs, in TypeScript. These pages show its lessons as they ran; to change a number and run them again, clone the project.</p>
<p>The <a href="api.html">reference</a> describes all that its packages export.</p>
<ul class="lessons">
${items.join("\n")}
</ul>`;
}
