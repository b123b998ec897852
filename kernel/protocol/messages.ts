/** The version of the Jupyter messaging protocol that this kernel speaks. */
export const PROTOCOL = "5.4";

/** Who sent a message, and of what type it is. */
export interface Header {
	msg_id: string;
	msg_type: string;
	session: string;
	username: string;
	date: string;
	version: string;
	/** The subshell that a request is for; the main shell when there is none. */
	subshell_id?: string | null;
}

/** A message as it came from a front end, its signature already checked. */
export interface Message {
	/** The routing prefix, which a reply has to repeat. */
	ids: Uint8Array[];
	header: Header;
	metadata: Record<string, unknown>;
	content: Record<string, unknown>;
	buffers: Uint8Array[];
	/** When it came (ms since 1970). */
	arrived: number;
}

/** What is needed to send a message; content and metadata are JSON already. */
export interface Outgoing {
	ids: (Uint8Array | string)[];
	type: string;
	parent: Header | null;
	content: string;
	metadata?: string;
	buffers?: Uint8Array[];
}
