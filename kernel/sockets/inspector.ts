import { Session } from "node:inspector";

let session: Session | undefined;

/** V8's inspector of the thread that runs cells, which works while that thread is busy. Connected at the first use. */
export function inspector(): Session {
	if (!session) {
		session = new Session();
		session.connectToMainThread();
	}
	return session;
}
