/** Checks for the exercises of a lesson. Re-exports, nothing else. */
export { check, near, notAnswered, type Verdict } from "./check.ts";
