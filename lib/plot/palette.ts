/** An image whose pixels are numbers of colours. */
export interface Indexed {
	/** At most 256 colours, each as red, green, blue and opacity from 0 to 255. */
	colours: number[][];
	/** The colour of each pixel, by its place in `colours`. */
	indices: Uint8Array;
}

/** A colour of an image, and how many of its pixels have it. */
interface Counted {
	key: number;
	channels: number[];
	count: number;
}

/**
 * Pixels (red, green, blue, opacity) as an image of at most 256 colours. One that has more is drawn with those that median cut chooses
 * (Heckbert 1982, Color image quantization for frame buffer display), each of them a colour of the image: what is white stays white.
 */
export function indexed(pixels: Uint8Array): Indexed {
	const keys = new Uint32Array(
		pixels.buffer,
		pixels.byteOffset,
		pixels.length / 4,
	);
	const counts = new Map<number, number>();
	for (let i = 0, from = 0; i < keys.length; i++)
		if (keys[i] !== keys[i + 1]) {
			counts.set(keys[i], (counts.get(keys[i]) ?? 0) + i + 1 - from);
			from = i + 1;
		}
	const colours = [...counts].map(([key, count]) => ({
		key,
		channels: [...new Uint8Array(Uint32Array.of(key).buffer)],
		count,
	}));
	const groups =
		colours.length <= 256 ? colours.map((one) => [one]) : cut(colours);
	const place = new Map(
		groups.flatMap((group, at) => group.map(({ key }) => [key, at] as const)),
	);
	const indices = new Uint8Array(keys.length);
	for (let i = 0; i < keys.length; i++)
		indices[i] =
			i > 0 && keys[i] === keys[i - 1]
				? indices[i - 1]
				: (place.get(keys[i]) as number);
	const commonest = (group: Counted[]) =>
		group.reduce((best, one) => (one.count > best.count ? one : best));
	return {
		colours: groups.map((group) => commonest(group).channels),
		indices,
	};
}

/** Cuts colours into 256 groups: always the one that differs most within itself, at the mean of the channel in which it does. */
function cut(colours: Counted[]): Counted[][] {
	const groups = [spread(colours)];
	while (groups.length < 256) {
		const worst = groups.reduce((a, b) => (b.error > a.error ? b : a));
		const { members, channel, mean } = worst;
		const lower = members.filter(({ channels }) => channels[channel] <= mean);
		const upper = members.filter(({ channels }) => channels[channel] > mean);
		groups[groups.indexOf(worst)] = spread(lower);
		groups.push(spread(upper));
	}
	return groups.map(({ members }) => members);
}

/** In which channel the pixels of some colours differ most: their mean, and the sum of their squared distances from it. */
function spread(members: Counted[]) {
	const pixels = members.reduce((sum, { count }) => sum + count, 0);
	return [0, 1, 2, 3]
		.map((channel) => {
			let mean = 0;
			for (const { channels, count } of members)
				mean += (count * channels[channel]) / pixels;
			let error = 0;
			for (const { channels, count } of members)
				error += count * (channels[channel] - mean) ** 2;
			return { members, channel, mean, error };
		})
		.reduce((a, b) => (b.error > a.error ? b : a));
}
