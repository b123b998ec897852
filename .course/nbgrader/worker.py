"""A process that examines submissions: a job comes in on standard input, its answer goes out on standard output, both pickled.

It ends when its input does, or when the process that began it has ended; what it began itself ends with it.
"""

import logging
import os
import pickle
import signal
import sys
import threading
import time
import traceback

from exam import Examiner
from room import is_full
from sandbox import Sandbox, isolation


def watch(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def main():
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that began this one
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    threading.Thread(target=watch, args=(os.getppid(),), daemon=True).start()

    def answer(value):
        pickle.dump(value, answers)
        answers.flush()

    answer(isolation())
    Sandbox.warned = True  # by the process that began this one
    examiner = Examiner(logging.getLogger("worker"))
    try:
        while True:
            try:
                job = pickle.load(sys.stdin.buffer)
            except EOFError:
                return
            try:
                answer({"outputs": examiner.take(job)})
            except Exception as error:
                examiner.stop()
                answer({"failed": traceback.format_exc(), "full": str(error) if is_full(error) else None})
    finally:
        examiner.stop()


if __name__ == "__main__":
    main()
