import { createRequire } from "node:module";
import { PROTOCOL } from "./protocol/messages.ts";

const require = createRequire(import.meta.url);
const versionOf = (name: string): string =>
	(require(`${name}/package.json`) as { version: string }).version;

/** The content of a `kernel_info_reply`. */
export function kernelInfo(): Record<string, unknown> {
	const version = versionOf("@unrolled/kernel");
	const typescript = versionOf("typescript-cells");
	return {
		protocol_version: PROTOCOL,
		implementation: "unrolled",
		implementation_version: version,
		language_info: {
			name: "typescript",
			version: typescript,
			mimetype: "text/typescript",
			file_extension: ".ts",
			pygments_lexer: "typescript",
			codemirror_mode: {
				mode: "typescript",
				name: "javascript",
				typescript: true,
			},
			nbconvert_exporter: "script",
		},
		banner: `Unrolled ${version}: TypeScript ${typescript} on Node ${process.versions.node}`,
		help_links: [
			{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
			{ text: "Node.js", url: "https://nodejs.org/api/" },
		],
		debugger: false,
		supported_features: ["kernel subshells"],
	};
}
