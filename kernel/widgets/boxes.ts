import { make, type Widget, widget } from "./control.ts";

const box =
	(name: string) =>
	(...children: Widget[]) =>
		widget(
			make(name, {
				box_style: "",
				children: children.map(({ model }) => model.reference),
			}),
		);

/** Widgets side by side. */
export const row: (...children: Widget[]) => Widget = box("HBox");
/** Widgets one below the other. */
export const column: (...children: Widget[]) => Widget = box("VBox");
