import { randomUUID } from "node:crypto";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Notebook, text } from "../lessons/notebooks.ts";
import type { Hub } from "./hub.ts";

/** A learner of the trial, who logs in by JupyterHub's form and runs a lesson as JupyterLab does. */
export class Learner {
	readonly name: string;
	readonly #hub: Hub;
	readonly #cookies = new Map<string, string>();

	constructor(hub: Hub, name: string) {
		this.#hub = hub;
		this.name = name;
	}

	/** Asks with this learner's cookies, and follows where it is sent. */
	async #ask(path: string, asked: Asked = {}): Promise<Answer> {
		const url = new URL(path, this.#hub.url);
		const answer = await request(url, asked, {
			cookie: this.#cookiesFor(url.pathname),
			"x-xsrftoken": this.#xsrf(url.pathname),
		});
		for (const line of answer.cookies) {
			const [pair] = line.split(";");
			const place = /path=([^;]*)/i.exec(line)?.[1] ?? "/";
			this.#cookies.set(`${place} ${pair.split("=")[0]}`, pair);
		}
		return answer.next === undefined ? answer : this.#ask(answer.next);
	}

	/** The cookies that belong to a path: hub and server have some of the same name. */
	#pairsFor(path: string): string[] {
		return [...this.#cookies]
			.filter(([key]) => path.startsWith(key.split(" ")[0]))
			.map(([, pair]) => pair);
	}

	#cookiesFor = (path: string) => this.#pairsFor(path).join("; ");

	/** The token against forged requests, which is a cookie, too. */
	#xsrf(path: string): string {
		const start = "_xsrf=";
		const pair = this.#pairsFor(path).find((one) => one.startsWith(start));
		return pair?.slice(start.length) ?? "";
	}

	async logIn() {
		await this.#ask("/hub/login");
		const form = new URLSearchParams({
			username: this.name,
			password: this.#hub.password,
			_xsrf: this.#xsrf("/hub/login"),
		});
		const path = "/hub/login?next=/hub/spawn";
		const { status, text } = await this.#ask(path, { form });
		if (status !== 200)
			throw new Error(`${this.name} cannot log in: ${status} ${text}`);
	}

	/** Until JupyterLab's page comes. */
	async opened() {
		for (;;) {
			const { status, text } = await this.#ask(`/user/${this.name}/lab`);
			if (status === 200 && text.includes("jupyter-config-data")) return;
			await sleep(500);
		}
	}

	async #api<T>(path: string, json?: object): Promise<T> {
		const place = `/user/${this.name}/api/${path}`;
		const { status, text } = await this.#ask(place, { json });
		if (status >= 300) throw new Error(`${place}: ${status} ${text}`);
		return JSON.parse(text);
	}

	/** Runs all cells of a lesson of this learner's folder; says how many seconds the kernel took to answer, and all cells. */
	async run(lesson: string): Promise<{ ready: number; ran: number }> {
		const begun = performance.now();
		const { content } = await this.#api<{ content: Notebook }>(
			`contents/${lesson}`,
		);
		const { kernel } = await this.#api<{ kernel: { id: string } }>("sessions", {
			...{ path: lesson, name: lesson, type: "notebook" },
			kernel: { name: "unrolled" },
		});
		const path = `/user/${this.name}/api/kernels/${kernel.id}/channels`;
		const channel = new Channel(`${this.#hub.url}${path}`, () =>
			this.#cookiesFor(path),
		);
		await channel.ask("kernel_info_request", {});
		const ready = (performance.now() - begun) / 1000;
		for (const cell of content.cells) {
			const code = text(cell.source);
			if (cell.cell_type !== "code") continue;
			const reply = await channel.ask("execute_request", {
				...{ code, silent: false, store_history: true },
				...{ user_expressions: {}, allow_stdin: false, stop_on_error: true },
			});
			if (reply.status !== "ok")
				throw new Error(`${this.name}: ${reply.ename}: ${reply.evalue}`);
		}
		const ran = (performance.now() - begun) / 1000 - ready;
		channel.close();
		return { ready, ran };
	}
}

interface Reply {
	status: string;
	ename?: string;
	evalue?: string;
}

/** The connection to a kernel. As JupyterLab does, it connects again when it was cut, and the server then sends what came meanwhile. */
class Channel {
	readonly #url: string;
	readonly #cookies: () => string;
	readonly #session = randomUUID();
	readonly #waiting = new Map<string, (reply: Reply) => void>();
	#open: Promise<WebSocket>;
	#closed = false;

	constructor(url: string, cookies: () => string) {
		this.#url = `${url.replace("http", "ws")}?session_id=${this.#session}`;
		this.#cookies = cookies;
		this.#open = this.#connect();
	}

	async #connect(): Promise<WebSocket> {
		for (;;) {
			const socket = new WebSocket(this.#url, {
				headers: { cookie: this.#cookies() },
			} as never); // Node's own WebSocket takes headers, which its type does not say
			const opened = await new Promise<boolean>((resolve) => {
				socket.onopen = () => resolve(true);
				socket.onclose = () => resolve(false);
			});
			if (!opened) {
				await sleep(1_000);
				continue;
			}
			socket.onmessage = ({ data }) => this.#receive(data);
			socket.onclose = () => {
				if (!this.#closed) this.#open = this.#connect();
			};
			return socket;
		}
	}

	#receive(data: unknown) {
		if (typeof data !== "string") return; // buffers of a widget
		const { channel, header, parent_header, content } = JSON.parse(data);
		if (channel === "shell" && header.msg_type.endsWith("_reply"))
			this.#waiting.get(parent_header.msg_id)?.(content);
	}

	/** Sends a request on the shell channel and waits for its reply. */
	async ask(type: string, content: object): Promise<Reply> {
		const id = randomUUID();
		const header = {
			...{ msg_id: id, msg_type: type, session: this.#session },
			...{ username: "learner", date: new Date().toISOString() },
			version: "5.4",
		};
		const replied = new Promise<Reply>((resolve) => {
			this.#waiting.set(id, resolve);
		});
		const message = { header, parent_header: {}, metadata: {}, content };
		(await this.#open).send(
			JSON.stringify({ ...message, channel: "shell", buffers: [] }),
		);
		return replied;
	}

	close() {
		this.#closed = true;
		void this.#open.then((socket) => socket.close());
	}
}

interface Asked {
	form?: URLSearchParams;
	json?: object;
}

interface Answer {
	status: number;
	text: string;
	cookies: string[];
	/** Where it sends on to. */
	next?: string;
}

/** One request as a browser's page makes it: `fetch` says in a header that it is none, and then JupyterHub gives no cookies. */
function request(
	url: URL,
	{ form, json }: Asked,
	headers: Record<string, string>,
): Promise<Answer> {
	const body = form?.toString() ?? (json && JSON.stringify(json));
	const type = form ? "application/x-www-form-urlencoded" : "application/json";
	return new Promise((resolve, reject) => {
		const sent = http.request(
			url,
			{
				method: body === undefined ? "GET" : "POST",
				headers: {
					...headers,
					"sec-fetch-mode": "navigate",
					...(body !== undefined && { "content-type": type }),
				},
			},
			(answer) => {
				let text = "";
				answer.setEncoding("utf8").on("data", (chunk) => {
					text += chunk;
				});
				answer.on("end", () =>
					resolve({
						status: answer.statusCode ?? 0,
						text,
						cookies: answer.headers["set-cookie"] ?? [],
						next: answer.headers.location,
					}),
				);
			},
		);
		sent.on("error", reject);
		sent.end(body);
	});
}
