import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { outside } from "../../.setup/places.mjs";

const root = mkdtempSync(join(tmpdir(), "unrolled-"));
const at = (name: string) => join(root, name);
mkdirSync(at("fresh"));
mkdirSync(at("used/.npm"), { recursive: true });
mkdirSync(at("blocked"));
writeFileSync(at("blocked/.npm"), ""); // as good as one that belongs to root, and root can test it
writeFileSync(at("file"), "");

test.each([
	["a fresh home", { HOME: at("fresh") }, false],
	["a home with npm's cache", { HOME: at("used") }, false],
	[
		"a home and a cache elsewhere",
		{ HOME: at("fresh"), npm_config_cache: at("used/.npm") },
		false,
	],
	["no home", {}, true],
	["a home that is missing", { HOME: at("missing") }, true],
	["a home that is no folder", { HOME: at("file") }, true],
	["a cache that cannot be written", { HOME: at("blocked") }, true],
	[
		"a cache in a folder that is missing",
		{ HOME: at("fresh"), npm_config_cache: at("missing/cache") },
		true,
	],
])("with %s the set-up knows where to keep what it fetches", (_, env, own) => {
	const { npm_config_cache, PIP_CACHE_DIR } = outside("/project", env);
	expect([npm_config_cache, PIP_CACHE_DIR]).toEqual(
		own
			? ["/project/.unrolled/caches/npm", "/project/.unrolled/caches/pip"]
			: [
					"npm_config_cache" in env ? env.npm_config_cache : undefined,
					undefined,
				],
	);
});
