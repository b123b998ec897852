/** Small real data and generators for the lessons. Re-exports, nothing else. */
export type { Origin } from "./checked.ts";
export { mobyDick, type TextData } from "./moby-dick.ts";
export { type Surname, type SurnameData, surnames } from "./surnames.ts";
