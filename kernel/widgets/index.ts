/**
 * Controls for notebooks: `import { slider } from "@unrolled/kernel/widgets"`. They are shown by the front end of
 * ipywidgets, and by nothing of ours; a control is shown when it is displayed or the last value of a cell.
 */
import { shown } from "../output/values.ts";
import {
	type Control,
	control,
	controls,
	described,
	make,
	type Widget,
	widget,
} from "./control.ts";
import { layout, Model, type State, style } from "./model.ts";

export { column, row } from "./boxes.ts";
export type { Control, Widget } from "./control.ts";
export { explore, type Values } from "./explore.ts";

export interface SliderOptions {
	label?: string;
	step?: number;
	/** Where it starts. */
	value?: number;
	/** Whether it changes while it is dragged, the default, or when the reader lets go. */
	continuous?: boolean;
}

/**
 * A number between two others: `slider(0, 2)`, which starts in the middle and has about a hundred steps, or
 * `slider({ min: 0, max: 2, step: 0.1 })`, which starts at the least.
 */
export function slider(
	min: number,
	max: number,
	options?: SliderOptions,
): Control<number>;
export function slider(
	options?: SliderOptions & { min?: number; max?: number },
): Control<number>;
export function slider(
	first: number | (SliderOptions & { min?: number; max?: number }) = {},
	to?: number,
	more: SliderOptions = {},
): Control<number> {
	const {
		label = "",
		min = 0,
		max = 100,
		step = 1,
		value = min,
		continuous = true,
	} = typeof first === "object" ? first : between(first, to ?? 1, more);
	const whole = [min, max, step, value].every(Number.isInteger);
	return control(whole ? "IntSlider" : "FloatSlider", {
		...described(label, "SliderStyleModel"),
		min,
		max,
		step,
		value,
		behavior: "drag-tap",
		continuous_update: continuous,
		orientation: "horizontal",
		readout: true,
		readout_format: whole ? "d" : ".3~g",
	});
}

/** Fine steps between two numbers, whole ones where there are enough of them. */
function between(min: number, max: number, options: SliderOptions) {
	if (!(Number.isFinite(min) && Number.isFinite(max) && min < max))
		throw new RangeError(
			`slider: wanted two numbers, the first below the second, got ${min} and ${max}`,
		);
	const whole = Number.isInteger(min) && Number.isInteger(max);
	const step = whole && max - min >= 20 ? 1 : (max - min) / 100;
	const value = min + Math.round((max - min) / 2 / step) * step;
	return { min, max, step, value, ...options };
}

/** Yes or no. */
export const checkbox = ({
	label = "",
	value = false,
} = {}): Control<boolean> =>
	control("Checkbox", {
		...described(label, "CheckboxStyleModel"),
		indent: false,
		value,
	});

/** One of several texts. @throws RangeError when the value is none of them. */
export function dropdown({
	label = "",
	options,
	value = options[0],
}: {
	label?: string;
	options: readonly string[];
	value?: string;
}): Control<string> {
	const indexOf = (text: string) => {
		const index = options.indexOf(text);
		if (index < 0)
			throw new RangeError(
				`dropdown: "${text}" is none of ${options.join(", ")}`,
			);
		return index;
	};
	return control(
		"Dropdown",
		{
			...described(label, "DescriptionStyleModel"),
			_options_labels: options,
			index: indexOf(value),
		},
		"index",
		(index) => options[index as number],
		indexOf,
	);
}

/** A line of text. */
export const textBox = ({
	label = "",
	value = "",
	placeholder = "",
} = {}): Control<string> =>
	control("Text", {
		...described(label, "TextStyleModel"),
		continuous_update: true,
		placeholder,
		value,
	});

/** HTML that the code may change. */
export const htmlBox = (value = ""): Control<string> =>
	control("HTML", {
		...described("", "HTMLStyleModel"),
		placeholder: "",
		value,
	});

/** A button. Its value is how often it was pressed, and `onClick` is called each time. */
export function button({
	label = "",
	onClick,
}: {
	label?: string;
	onClick?(): void;
} = {}): Control<number> {
	const model = make("Button", {
		description: label,
		disabled: false,
		button_style: "",
		icon: "",
		style: style("ButtonStyleModel"),
	});
	let presses = 0;
	const listeners: ((value: number) => void)[] = [];
	model.onCustom = ({ event }) => {
		if (event !== "click") return;
		presses++;
		onClick?.();
		for (const listener of listeners) listener(presses);
	};
	return {
		...widget(model),
		get value() {
			return presses;
		},
		set value(value) {
			presses = value;
		},
		onChange: (listener) => void listeners.push(listener),
	};
}

/** An output whose content changes, such as a chart that follows a slider. */
export interface Output extends Widget {
	/** Replaces the content by these values. */
	show(...values: unknown[]): Promise<void>;
	clear(): void;
}

/** An empty {@link Output}. */
export function output(): Output {
	const model = new Model({
		...controls,
		_model_module: "@jupyter-widgets/output",
		_model_module_version: "1.0.0",
		_view_module: "@jupyter-widgets/output",
		_view_module_version: "1.0.0",
		_model_name: "OutputModel",
		_view_name: "OutputView",
		layout: layout(),
		msg_id: "",
		outputs: [],
	});
	return {
		...widget(model),
		async show(...values) {
			const bundles = await Promise.all(values.map(shown));
			const outputs = bundles.map((data) => ({
				output_type: "display_data",
				data,
				metadata: {},
			}));
			model.set({ outputs });
		},
		clear: () => model.set({ outputs: [] }),
	};
}

/**
 * A widget whose front end is a module of its own, by anywidget's contract: `esm` exports `default { render({ model, el }) }`.
 * The page needs anywidget's extension (PyPI `anywidget`).
 */
export function anywidget({
	esm,
	css = "",
	state,
}: {
	esm: string;
	css?: string;
	state: State;
}): Widget {
	const module = {
		_model_module: "anywidget",
		_model_module_version: "*",
		_view_module: "anywidget",
		_view_module_version: "*",
	};
	return widget(make("Any", { ...module, _esm: esm, _css: css, ...state }));
}
