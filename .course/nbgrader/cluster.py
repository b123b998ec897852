"""Where submissions and lessons run on other machines: workers of Dask, which `npm run course -- worker` begins there.

What is sent is a function of `remote.py` and what it needs. Dask sends it to another worker when one ends. When the scheduler itself
is begun anew, it is sent once more from here.
"""

import asyncio
import threading
import time
import uuid
import warnings
from concurrent.futures import CancelledError
from pathlib import Path

from distributed import Client
from distributed.comm import CommClosedError
from distributed.scheduler import KilledWorker

import remote
from room import NoRoom
from workers import TRIES, Lost, Stopped

warnings.filterwarnings("ignore", message="Sending large graph")
AWAY = 120  # seconds that a scheduler may be away


class Cluster:
    # How many submissions are under way at once: more than there are workers, so that none waits.
    places = 32

    def __init__(self, address):
        self.stopped = False
        self.address = address
        self.lock = threading.Lock()
        try:
            self.client = self.connect(10)
        except OSError as error:
            raise SystemExit(
                f"No scheduler answers at {address}: `npm run course -- scheduler` begins one ({error})."
            ) from None

    def connect(self, seconds):
        return Client(self.address, timeout=seconds, set_as_default=False)

    def connected(self):
        """The client; a new one after the scheduler was away for longer than the old one waits."""
        with self.lock:
            while self.client.status == "connecting":
                time.sleep(0.2)
            if self.client.status == "closed" and not self.stopped:
                self.client = self.connect(AWAY)
            return self.client

    def isolations(self):
        """What each worker says of itself."""
        answers = self.client.run(remote.describe, remote.project(), on_error="return")
        if not answers:
            print("The scheduler has no workers yet: `npm run course -- worker ADDRESS` begins them, on any machine.")
        for address, answer in answers.items():
            if isinstance(answer, Exception):
                raise SystemExit(f"The worker {address}: {answer}")
        return list(answers.values())

    def take(self, job):
        """The outputs of a submission's cells."""
        files = remote.packed(Path(job["folder"]))
        answer = self.run(remote.exam, {**job, "folder": None, "files": files, "project": remote.project()})
        if "full" in answer:
            raise NoRoom(answer["full"])
        return answer["outputs"]

    def run(self, function, argument):
        """What a function of remote.py gives, from some worker. @raises Lost after it ended several."""
        ways = 0
        while True:
            if self.stopped:
                raise Stopped
            try:
                key = f"{function.__name__}-{uuid.uuid4()}"
                future = self.connected().submit(function, argument, key=key, pure=False)
                return future.result()
            except KilledWorker:
                raise Lost(f"its worker ended {TRIES} times") from None
            except (CancelledError, asyncio.CancelledError, CommClosedError, TimeoutError):
                ways += 1
                if ways > 10:
                    raise

    def stop(self):
        self.stopped = True
        self.client.close(timeout=5)
