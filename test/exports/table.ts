import { rows as cells } from "./rows/cells.ts";
import { rows as data } from "./rows/data.ts";
import { rows as datasets } from "./rows/datasets.ts";
import { rows as inspect } from "./rows/inspect.ts";
import { rows as layers } from "./rows/layers.ts";
import { rows as losses } from "./rows/losses.ts";
import type { Row } from "./rows/shared.ts";
import { rows as tensors } from "./rows/tensors.ts";
import { rows as training } from "./rows/training.ts";

export { modules, type Row } from "./rows/shared.ts";

/** Every exported function, with what it may be given; a file in `rows` for each part of the library. */
export const rows: Row[] = [
	...tensors,
	...losses,
	...cells,
	...layers,
	...data,
	...training,
	...inspect,
	...datasets,
];

/** Exports without a row: they take nothing, or give an answer about whatever they are given. */
export const without: readonly string[] = [
	"Tensor",
	"near",
	"notAnswered",
	"useWasm",
];
