"""Where submissions are examined beside each other: processes of this machine. cluster.py has those of other machines."""

import os
import pickle
import queue
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from room import NoRoom

HERE = Path(__file__).parent
TRIES = 3  # how many workers may end over a submission before it is given up


class Lost(Exception):
    """A submission whose worker ended, again and again."""


class Stopped(Exception):
    """The run was stopped."""


class Worker:
    """A process of worker.py with a folder for its files, which goes with it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="exam-")
        self.process = subprocess.Popen(
            [sys.executable, HERE / "worker.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": self.folder},
            start_new_session=True,
        )
        self._isolation = None

    def isolation(self):
        """What sandbox.py says of it. @raises EOFError when the process has ended."""
        if self._isolation is None:
            self._isolation = pickle.load(self.process.stdout)
        return self._isolation

    def ask(self, job):
        """The outputs by cell. @raises EOFError, OSError when the process ends."""
        self.isolation()
        pickle.dump(job, self.process.stdin)
        self.process.stdin.flush()
        answer = pickle.load(self.process.stdout)
        if "outputs" in answer:
            return answer["outputs"]
        if answer["full"]:
            raise NoRoom(answer["full"])
        raise RuntimeError(answer["failed"])

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Local:
    """Workers of this machine."""

    def __init__(self, jobs):
        self.places = jobs
        self.stopped = False
        self.workers = [Worker() for _ in range(jobs)]
        self.free = queue.SimpleQueue()
        for worker in self.workers:
            self.free.put(worker)

    def isolations(self):
        return [self.workers[0].isolation()]

    def take(self, job):
        """The outputs of a submission's cells, from the next worker that is free."""
        for _ in range(TRIES):
            worker = self.free.get()
            try:
                if self.stopped:
                    raise Stopped
                return worker.ask(job)
            except (EOFError, BrokenPipeError, pickle.UnpicklingError):
                if self.stopped:
                    raise Stopped from None
                worker.stop()
                self.workers.remove(worker)
                worker = Worker()
                self.workers.append(worker)
            finally:
                self.free.put(worker)
        raise Lost(f"its worker ended {TRIES} times")

    def stop(self):
        self.stopped = True
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            worker.stop()
