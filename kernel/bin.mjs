#!/usr/bin/env node
import { run } from "./dist/install.js";

run();
