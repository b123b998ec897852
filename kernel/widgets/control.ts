import { DISPLAY } from "../host.ts";
import { layout, Model, type State, style } from "./model.ts";

/** Something that is shown in the page and lives there. */
export interface Widget {
	readonly model: Model;
}

/** A control with a value, which the reader and the code may change. */
export interface Control<V> extends Widget {
	value: V;
	/** Calls a function whenever the reader has changed the value. */
	onChange(listener: (value: V) => void): void;
}

export const controls = {
	_model_module: "@jupyter-widgets/controls",
	_model_module_version: "2.0.0",
	_view_module: "@jupyter-widgets/controls",
	_view_module_version: "2.0.0",
	_dom_classes: [],
	tabbable: null,
	tooltip: null,
};

export function make(name: string, state: State): Model {
	return new Model({
		...controls,
		_model_name: `${name}Model`,
		_view_name: `${name}View`,
		layout: layout(),
		...state,
	});
}

export const widget = (model: Model) => ({
	model,
	[DISPLAY]: () => model.view(),
});

export function control<V>(
	name: string,
	state: State,
	key = "value",
	toValue = (raw: unknown) => raw as V,
	toRaw = (value: V): unknown => value,
): Control<V> {
	const model = make(name, state);
	return {
		...widget(model),
		get value() {
			return toValue(model.state[key]);
		},
		set value(value) {
			model.set({ [key]: toRaw(value) });
		},
		onChange(listener) {
			model.onChange((changed) => {
				if (key in changed) listener(toValue(changed[key]));
			});
		},
	};
}

export const described = (label: string, styleName: string) => ({
	description: label,
	description_allow_html: false,
	disabled: false,
	style: style(styleName),
});
