import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Kernel, type Received } from "./client.ts";

let kernel: Kernel;
beforeAll(async () => {
	kernel = await Kernel.start();
	await kernel.run(
		'import { anywidget, button, checkbox, column, dropdown, explore, htmlBox, output, slider, textBox } from "@unrolled/kernel/widgets";',
	);
});
afterAll(() => kernel.stop());

type State = Record<string, unknown>;
const stateOf = ({ content }: Received) =>
	(content.data as { state: State }).state;

/** Runs a cell that makes a widget, and gives the id of that one and what was opened for it. */
async function make(code: string) {
	const { outputs, error } = await kernel.run(code);
	expect(error).toBeUndefined();
	const opened = outputs.filter(({ type }) => type === "comm_open");
	const result = outputs.find(({ type }) => type === "execute_result");
	const data = result?.content.data as State;
	const view = data["application/vnd.jupyter.widget-view+json"] as State;
	return { id: view.model_id as string, opened, view };
}

/** What the page says to a widget, and what comes of it. */
async function say(comm_id: string, data: State) {
	const id = kernel.send("shell", "comm_msg", { comm_id, data });
	const outputs = await kernel.outputs(id);
	const sent = outputs.filter(({ type }) => type === "comm_msg");
	const printed = outputs.map(({ content }) => content.text ?? "").join("");
	return { sent, printed };
}

test("a slider opens models for itself, its layout and its style", async () => {
	const { id, opened, view } = await make(
		'const s = slider({ label: "rate", max: 1, step: 0.1, value: 0.5 }); s',
	);
	expect(view).toMatchObject({ version_major: 2, version_minor: 0 });
	expect(opened.map((each) => stateOf(each)._model_name).sort()).toEqual([
		"FloatSliderModel",
		"LayoutModel",
		"SliderStyleModel",
	]);
	const own = opened.find(({ content }) => content.comm_id === id);
	expect(own?.content.target_name).toBe("jupyter.widget");
	const { layout, style, ...state } = stateOf(own as Received);
	const references = opened.map(
		({ content }) => `IPY_MODEL_${content.comm_id}`,
	);
	expect(references).toEqual(expect.arrayContaining([layout, style]));
	expect(state).toMatchObject({
		value: 0.5,
		min: 0,
		max: 1,
		description: "rate",
	});
});

test("a slider that is moved has its new value, and says so to other pages", async () => {
	const { id } = await make(
		"const moved = slider({ max: 10 }); moved.onChange((x) => console.log('now', x)); moved",
	);
	const { sent, printed } = await say(id, {
		method: "update",
		state: { value: 7 },
		buffer_paths: [],
	});
	expect(printed).toBe("now 7\n");
	expect(sent.map(({ content }) => content.data)).toEqual([
		{ method: "echo_update", state: { value: 7 }, buffer_paths: [] },
	]);
	expect((await kernel.run("moved.value")).text).toBe("7");
});

test("a value that the code changes goes to the page", async () => {
	await make("const box = checkbox({ label: 'on' }); box");
	const { outputs } = await kernel.run("box.value = true");
	const update = outputs.find(({ type }) => type === "comm_msg");
	expect(update?.content.data).toEqual({
		method: "update",
		state: { value: true },
		buffer_paths: [],
	});
});

test("a dropdown goes by index in the page and by text in the code", async () => {
	const { id } = await make(
		"const pick = dropdown({ options: ['lstm', 'gru'], value: 'gru' }); pick",
	);
	expect((await kernel.run("pick.value")).text).toBe("'gru'");
	await say(id, { method: "update", state: { index: 0 }, buffer_paths: [] });
	expect((await kernel.run("pick.value")).text).toBe("'lstm'");
	const { error } = await kernel.run("pick.value = 'rnn'");
	expect(error?.evalue).toBe('dropdown: "rnn" is none of lstm, gru');
});

test("a button calls its function, and an output follows", async () => {
	const { id } = await make(
		"const out = output(); const b = button({ label: 'go', onClick: () => out.show('clicked') }); b",
	);
	const { sent } = await say(id, {
		method: "custom",
		content: { event: "click" },
	});
	expect(sent[0].content.data).toMatchObject({
		method: "update",
		state: {
			outputs: [
				{ output_type: "display_data", data: { "text/plain": "'clicked'" } },
			],
		},
	});
});

test("a box holds what it was given, by reference", async () => {
	const { id, opened } = await make(
		"const inner = textBox({ value: 'a' }); column(inner, htmlBox('<b>x</b>'))",
	);
	const box = opened.find(({ content }) => content.comm_id === id) as Received;
	const names = (stateOf(box).children as string[]).map((reference) => {
		const child = opened.find(
			({ content }) => `IPY_MODEL_${content.comm_id}` === reference,
		);
		return stateOf(child as Received)._model_name;
	});
	expect(names).toEqual(["TextModel", "HTMLModel"]);
});

test("a page that is opened again gets all states", async () => {
	const control = "control-1";
	kernel.send("shell", "comm_open", {
		comm_id: control,
		target_name: "jupyter.widget.control",
		data: {},
	});
	const { sent } = await say(control, { method: "request_states" });
	const data = sent[0].content.data as { states: Record<string, State> };
	const names = Object.values(data.states).map((each) => each.model_name);
	expect(names).toEqual(
		expect.arrayContaining(["FloatSliderModel", "VBoxModel"]),
	);
});

test("anywidget's state goes both ways, bytes beside the JSON", async () => {
	const { id, opened } = await make(
		`const any = anywidget({ esm: "export default {}", css: "b {}", state: { n: 1, data: new Float32Array([1, 2]) } }); any`,
	);
	const model = opened.find(({ content }) => content.comm_id === id);
	expect(stateOf(model as Received)).toMatchObject({
		_model_module: "anywidget",
		_esm: "export default {}",
		_css: "b {}",
		n: 1,
	});
	const data = model?.content.data as { buffer_paths: unknown };
	expect(data.buffer_paths).toEqual([["data"]]);
	const [bytes] = model?.buffers ?? [];
	expect(new Float32Array(Uint8Array.from(bytes).buffer)).toEqual(
		new Float32Array([1, 2]),
	);
	const update = { method: "update", state: { n: 2 }, buffer_paths: [] };
	const { sent } = await say(id, update);
	expect(sent[0].content.data).toMatchObject({
		method: "echo_update",
		state: { n: 2 },
	});
	expect((await kernel.run("any.model.state.n")).text).toBe("2");
	const { sent: set } = await say(id, { method: "request_state" });
	expect(set[0].content.data).toMatchObject({ state: { n: 2 } });
});

test("a slider between two numbers starts in the middle, in fine steps or whole ones", async () => {
	const state = async (code: string) => {
		const { id, opened } = await make(code);
		const own = opened.find(({ content }) => content.comm_id === id);
		const { _model_name, min, max, step, value } = stateOf(own as Received);
		return [_model_name, min, max, step, value];
	};
	expect(await state("slider(0, 2)")).toEqual([
		"FloatSliderModel",
		0,
		2,
		0.02,
		1,
	]);
	expect(await state("slider(1, 50)")).toEqual([
		"IntSliderModel",
		1,
		50,
		1,
		26,
	]);
	expect(await state("slider(-1, 1, { step: 0.5, value: -1 })")).toEqual([
		"FloatSliderModel",
		-1,
		1,
		0.5,
		-1,
	]);
	const { error } = await kernel.run("slider(2, 2)");
	expect(error?.evalue).toBe(
		"slider: wanted two numbers, the first below the second, got 2 and 2",
	);
});

/** Runs a cell with `explore`, and gives its displays and the id of its only control. */
async function exploring(code: string) {
	const { outputs, error } = await kernel.run(code);
	const displays = outputs.filter(({ type }) => type === "display_data");
	const data = displays.map(({ content }) => content.data as State);
	const ids = displays.map(
		({ content }) => (content.transient as State).display_id,
	);
	const opened = outputs
		.filter(({ type }) => type === "comm_open")
		.find((each) => "value" in stateOf(each));
	const control = opened?.content.comm_id as string;
	const labels = outputs
		.filter(({ type }) => type === "comm_msg")
		.map((each) => stateOf(each).description);
	return { data, ids, error, control, labels };
}

test("explore shows its controls, the picture of their values, and the values", async () => {
	const { data, ids, labels } = await exploring(
		"await explore({ r: slider(0, 2), s: slider(1, 5, { step: 1 }) }, ({ r, s }) => r + ' and ' + s)",
	);
	expect(data.map((each) => Object.keys(each)[0])).toEqual([
		"application/vnd.jupyter.widget-view+json",
		"text/plain",
		"text/html",
	]);
	expect(data[1]["text/plain"]).toBe("'1 and 3'");
	expect(data[2]["text/plain"]).toBe(
		"r = 1, s = 3 · To change this yourself, run the cell.",
	);
	expect(ids[1]).toMatch(/^explore-/);
	expect(labels).toEqual(["r", "s"]);
});

/** Moves a control, and gives what was shown for it since, until a picture comes that is `last`. */
async function moved(
	comm_id: string,
	values: readonly number[],
	id: unknown,
	last: string,
) {
	const before = kernel.published.length;
	for (const value of values)
		kernel.send("shell", "comm_msg", {
			comm_id,
			data: { method: "update", state: { value }, buffer_paths: [] },
		});
	const pictures = () =>
		kernel.published
			.slice(before)
			.filter(
				({ type, content }) =>
					type === "update_display_data" &&
					(content.transient as State).display_id === id,
			)
			.map(({ content }) => Object.values(content.data as State)[0]);
	await vi.waitFor(() => expect(pictures()).toContain(last), 10_000);
	return pictures();
}

test("explore draws the newest value, leaves out those between, and ends in the still of the last", async () => {
	const { control, ids } = await exploring(
		`const drawn: number[] = [];
await explore({ r: slider(0, 100) }, ({ r }) => {
	drawn.push(r);
	const until = Date.now() + 30;
	while (Date.now() < until);
	return { draft: () => ({ "image/svg+xml": "draft of " + r }), [Symbol.for("Jupyter.display")]: async () => ({ "image/png": "still of " + r }) };
})`,
	);
	const values = Array.from({ length: 40 }, (_, i) => i + 51);
	const pictures = await moved(control, values, ids[1], "still of 90");
	expect(pictures.at(-1)).toBe("still of 90");
	expect(pictures.at(-2)).toBe("draft of 90");
	const said = () =>
		kernel.published
			.filter(
				({ type, content }) =>
					type === "update_display_data" &&
					(content.transient as State).display_id === `${ids[1]}-words`,
			)
			.map(({ content }) => (content.data as State)["text/plain"]);
	await vi.waitFor(() => expect(said().at(-1)).toMatch(/^r = 90 /));
	expect(said().length).toBeLessThan(4); // when the slider has rested
	const { text } = await kernel.run("JSON.stringify(drawn)");
	const drawn = JSON.parse(String(text).replaceAll("'", "")) as number[];
	expect(drawn.length).toBeLessThan(values.length);
	expect(drawn).toEqual([...drawn].sort((a, b) => a - b));
});

test("explore throws at first what draw throws, and shows it later", async () => {
	const code = (from: number) =>
		`await explore({ n: slider(0, 10, { step: 1, value: ${from} }) }, ({ n }) => { if (n > 5) throw new Error("too much: " + n); return n; })`;
	expect((await exploring(code(7))).error?.evalue).toBe("too much: 7");
	const { control, ids } = await exploring(code(2));
	const wanted = "Error: too much: 8";
	expect(await moved(control, [8], ids[1], wanted)).toEqual([wanted]);
	expect(await moved(control, [3], ids[1], "3")).toEqual(["3"]);
});
