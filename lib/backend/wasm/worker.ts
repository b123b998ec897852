// A thread that runs kernels on the shared memory: it waits for calls until the process ends.
import { builtin } from "../platform.ts";
import { slotWords, states, type ThreadData } from "./calls.ts";

/** How often it polls before it sleeps: a backward soon follows its forward, and waking up takes some fifty microseconds. */
const LOOKS = 20_000;

const threads = builtin<{ workerData: ThreadData }>("node:worker_threads");
if (threads) serve(threads.workerData);

function serve({ module, memory, names, slot, scratch }: ThreadData): never {
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	const kernels = exports as Record<string, (value: number) => void>;
	kernels.setScratch(scratch);
	const words = new Int32Array(memory.buffer);
	const state = slot + slotWords.state;
	const say = (value: number) => {
		Atomics.store(words, state, value);
		Atomics.notify(words, state);
	};
	say(states.ready);
	for (;;) {
		let now = Atomics.load(words, state);
		for (let looks = 0; now !== states.called; looks++) {
			if (looks > LOOKS) Atomics.wait(words, state, now);
			now = Atomics.load(words, state);
		}
		try {
			kernels[names[words[slot + slotWords.kernel]]](
				words[slot + slotWords.run],
			);
			say(states.ready);
		} catch {
			say(states.failed);
		}
	}
}
