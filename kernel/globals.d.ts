/** What the kernel adds to the global names of a cell. */

/**
 * Asks the reader for a line of text, and waits for it, as in a browser; the default when the answer is empty.
 * @throws Error when the front end cannot ask (a notebook that runs unattended).
 */
declare function prompt(message?: string, defaultValue?: string): string;
