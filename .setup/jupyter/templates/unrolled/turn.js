// Pictures of three dimensions, and those that play, come to life when they are pointed at or focused; until then they are stills.
for (const figure of document.querySelectorAll("[data-plotly]")) {
	const begun = new AbortController();
	const begin = () => {
		begun.abort();
		const still = figure.querySelector("img");
		const { data, layout, frames, config } = JSON.parse(
			figure.querySelector("script").textContent,
		);
		const place = document.createElement("div");
		place.setAttribute("role", "img");
		place.setAttribute("aria-label", still.alt);
		still.replaceWith(place);
		globalThis.Plotly.newPlot(place, { data, layout, frames, config });
	};
	for (const event of ["pointerenter", "focus"])
		figure.addEventListener(event, begin, { signal: begun.signal });
}
