import { Session } from "node:inspector";

let session: Session | undefined;

/** V8's inspector of the thread that runs cells: it gets in while that thread is busy. Connected when first needed. */
export function inspector(): Session {
	if (!session) {
		session = new Session();
		session.connectToMainThread();
	}
	return session;
}
