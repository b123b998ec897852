import type { Backend } from "../../lib/backend/backend.ts";
import { useBackend } from "../../lib/backend/current.ts";
import { loadWasm } from "../../lib/backend/wasm-load.ts";

useBackend(loadWasm() as Backend);
