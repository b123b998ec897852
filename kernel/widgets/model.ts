import { type Comm, type CommContent, comms } from "../index.ts";

export type State = Record<string, unknown>;

/** The version of the protocol that ipywidgets 8 and its front end speak over comms. */
const metadata = { version: "2.1.0" };
const base = {
	_model_module: "@jupyter-widgets/base",
	_model_module_version: "2.0.0",
	_view_module: "@jupyter-widgets/base",
	_view_module_version: "2.0.0",
	_view_count: null,
};

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
	new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** A state as it goes over a comm: typed arrays and views beside the JSON, the path of each in `buffer_paths`. */
function parted(state: State, path: string[] = []) {
	const entries = Object.entries(state);
	const binary = entries.filter(([, value]) => ArrayBuffer.isView(value));
	return {
		state: Object.fromEntries(entries.filter((each) => !binary.includes(each))),
		buffer_paths: binary.map(([name]) => [...path, name]),
		buffers: binary.map(([, value]) => bytesOf(value as ArrayBufferView)),
	};
}

const models = new Map<string, Model>();
let listening = false;

/** A page that is opened again asks for all widgets at once. */
function listen(): void {
	if (listening) return;
	listening = true;
	comms.register("jupyter.widget.control", (comm) => {
		comm.onMessage = ({ data }) => {
			if (data.method !== "request_states") return;
			const all = [...models].map(([id, model]) => {
				const { state, ...binary } = parted(model.state, [id, "state"]);
				return { id, described: { ...model.described(), state }, ...binary };
			});
			comm.send({
				data: {
					method: "update_states",
					states: Object.fromEntries(
						all.map(({ id, described }) => [id, described]),
					),
					buffer_paths: all.flatMap(({ buffer_paths }) => buffer_paths),
				},
				buffers: all.flatMap(({ buffers }) => buffers),
			});
		};
	});
}

/** A model whose state is synchronised between the kernel and the page. */
export class Model {
	readonly state: State;
	readonly #comm: Comm;
	readonly #listeners: ((changed: State) => void)[] = [];
	/** Called with messages that are no changes of the state, such as a click. */
	onCustom: ((content: State, buffers: Uint8Array[]) => void) | undefined;

	constructor(state: State) {
		listen();
		this.state = { _view_count: null, ...state };
		const { buffers, ...data } = parted(this.state);
		this.#comm = comms.open("jupyter.widget", { data, metadata, buffers });
		this.#comm.onMessage = (content) => this.#receive(content);
		this.#comm.onClose = () => models.delete(this.id);
		models.set(this.id, this);
	}

	get id(): string {
		return this.#comm.id;
	}

	/** How another model's state names this one. */
	get reference(): string {
		return `IPY_MODEL_${this.id}`;
	}

	/** What a page has to know to show it. */
	described(): State {
		const { _model_name, _model_module, _model_module_version } = this.state;
		return {
			model_name: _model_name,
			model_module: _model_module,
			model_module_version: _model_module_version,
		};
	}

	/** Changes the state on both sides. */
	set(changed: State): void {
		Object.assign(this.state, changed);
		this.#send("update", changed);
	}

	/** Takes it out of every page. */
	close(): void {
		models.delete(this.id);
		this.#comm.close();
	}

	/** Calls a function with what the page has changed. */
	onChange(listener: (changed: State) => void): void {
		this.#listeners.push(listener);
	}

	/** The forms in which it is shown: a view by the page, or a text. */
	view(): State {
		return {
			"application/vnd.jupyter.widget-view+json": {
				version_major: 2,
				version_minor: 0,
				model_id: this.id,
			},
			"text/plain": `${this.state._model_name}(${JSON.stringify(this.state.value ?? this.id)})`,
		};
	}

	#send(method: string, state: State): void {
		const { buffers, ...data } = parted(state);
		this.#comm.send({ data: { method, ...data }, buffers });
	}

	#receive({ data, buffers }: Required<CommContent>): void {
		if (data.method === "request_state") this.#send("update", this.state);
		else if (data.method === "custom")
			this.onCustom?.(data.content as State, buffers);
		else if (data.method === "update") this.#follow(data, buffers);
	}

	#follow(data: State, buffers: Uint8Array[]): void {
		const changed = { ...(data.state as State) };
		const paths = (data.buffer_paths ?? []) as string[][];
		for (const [at, [name]] of paths.entries()) changed[name] = buffers[at];
		// other pages that show the same widget follow this one
		this.#send("echo_update", changed);
		Object.assign(this.state, changed);
		for (const listener of this.#listeners) listener(changed);
	}
}

/** The layout of a widget, in CSS terms: `width`, `margin`. */
export const layout = (state: State = {}): string =>
	new Model({
		...base,
		_model_name: "LayoutModel",
		_view_name: "LayoutView",
		...state,
	}).reference;

/** The style of a control. */
export const style = (name: string, state: State = {}): string =>
	new Model({
		...base,
		_model_module: "@jupyter-widgets/controls",
		_model_name: name,
		_view_name: "StyleView",
		description_width: "initial",
		...state,
	}).reference;
