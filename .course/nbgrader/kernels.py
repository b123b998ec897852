"""A kernel that runs cells within limits, and tells how each ended."""

import os
import time
from contextlib import suppress
from pathlib import Path

import psutil
import zmq
from nbformat.v4 import new_output, output_from_msg

SHOWN = ("stream", "display_data", "execute_result", "error")


class Kernel:
    """A kernel of its own process, begun at its first cell.

    Seconds are those of CPU time, since the machine may be busy; by the clock, a cell may take four times as many.

    `begin` starts a cell, `wait` goes on until something happens: "done", "input" (the cell asks; `prompt` says what), "time",
    "output" (a limit was reached, and the cell was stopped), "memory", "disk" (the kernel was ended) or "died".
    """

    def __init__(self, start, *, memory, output, disk):
        self._start = start
        self._disk = disk * 1e6
        self._memory = memory * 1e6
        self._most = output * 1e6
        self.manager = self.client = None

    def start(self):
        self.manager = self._start()
        self.client = self.manager.blocking_client()
        # A message above this size ends the connection before it takes this process's memory.
        self.client.context.setsockopt(zmq.MAXMSGSIZE, int(4 * self._most))
        self.client.start_channels(hb=False)  # its process is watched instead
        self.client.wait_for_ready(timeout=120)
        self._process = psutil.Process(self.manager.provisioner.pid)

    @property
    def alive(self):
        return self.manager is not None and self.manager.is_alive()

    def stop(self):
        if self.manager is None:
            return
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager = self.client = None

    def run(self, code, seconds, answer=None):
        """Runs a cell to its end; `answer` is asked what it asks, which may take as long as the cell itself, all together."""
        last = time.monotonic() + 4 * seconds
        self.begin(code, asks=answer is not None)
        while True:
            event = self.wait(seconds)
            if event != "input":
                return event
            if time.monotonic() > last:
                return self._interrupt("time")
            self.client.input(answer(self.prompt))

    def begin(self, code, asks=False):
        if not self.alive:
            self.start()
        self.outputs = []
        self.status = None
        self._size = 0
        self._clear = False
        self._message = self.client.execute(
            code, store_history=False, allow_stdin=asks, stop_on_error=False
        )

    def wait(self, seconds):
        """`seconds` are counted from the beginning of the cell, or from the last thing that it asked."""
        event = self._next(time.monotonic() + 4 * seconds, self._cpu() + seconds)
        return self._interrupt(event) if event in ("time", "output") else event

    def _interrupt(self, why):
        """A cell that does not heed it within 10 s has its kernel killed."""
        self.manager.interrupt_kernel()
        if self._next(time.monotonic() + 10, stopping=True) != "done":
            self.stop()
        return why

    def _next(self, limit, cpu=None, stopping=False):
        iopub, stdin = (c.socket for c in (self.client.iopub_channel, self.client.stdin_channel))
        poller = zmq.Poller()
        poller.register(iopub, zmq.POLLIN)
        poller.register(stdin, zmq.POLLIN)
        looked = time.monotonic()
        while True:
            ready = dict(poller.poll(200))
            now = time.monotonic()
            if not ready and not self.manager.is_alive():
                self.stop()
                return "died"
            if now > limit:
                return "time"
            if now - looked > 0.5 and not stopping:
                looked = now
                if self.used() > self._memory:
                    self.stop()
                    return "memory"
                if self._cpu() > cpu:
                    return "time"
                if written(self.manager.folder) > self._disk:
                    self.stop()
                    return "disk"
            if stdin in ready:
                message = self.client.get_stdin_msg(timeout=1)
                if self._is_ours(message) and message["msg_type"] == "input_request":
                    self.prompt = message["content"]["prompt"]
                    return "input"
            if iopub in ready:
                message = self.client.get_iopub_msg(timeout=1)
                if not self._is_ours(message):
                    continue
                if message["msg_type"] == "status":
                    if message["content"]["execution_state"] == "idle":
                        return "done"
                elif not stopping:
                    self._keep(message)
                    if self._size > self._most:
                        return "output"

    def _is_ours(self, message):
        return message["parent_header"].get("msg_id") == self._message

    def _keep(self, message):
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            if content["wait"]:
                self._clear = True
            else:
                self.outputs.clear()
        elif kind == "update_display_data":
            shown = content["transient"]["display_id"]
            self._size += len(str(content))
            for output in self.outputs:
                if output.get("transient") == shown:
                    output.update(data=content["data"], metadata=content["metadata"])
        elif kind in SHOWN:
            if self._clear:
                self.outputs.clear()
                self._clear = False
            output = output_from_msg(message)
            self._size += len(str(content))
            last = self.outputs[-1] if self.outputs else None
            if kind == "stream" and last and last.get("name") == output.name:
                last.text += output.text
                return
            if kind == "error":
                self.status = "error"
            identity = content.get("transient", {}).get("display_id")
            if identity is not None:
                output["transient"] = identity
            self.outputs.append(output)

    def results(self):
        """The outputs, as a notebook holds them."""
        for output in self.outputs:
            output.pop("transient", None)
        return self.outputs

    def used(self):
        """Bytes of memory of the kernel and its children."""
        return self._sum(lambda process: process.memory_info().rss)

    def _cpu(self):
        """Seconds of CPU time of the kernel and its children, those that have ended among them."""
        return self._sum(lambda process: sum(process.cpu_times()[:4]))

    def _sum(self, of):
        total = 0
        try:
            for process in family(self._process):
                total += of(process)
        except psutil.NoSuchProcess:
            pass
        return total


CHILDREN = Path(f"/proc/self/task/{os.getpid()}/children").exists()


def family(process):
    """A process and all that it began. Linux tells the children of a process; psutil would read every process of the machine."""
    yield process
    if not CHILDREN:
        yield from process.children(recursive=True)
        return
    with suppress(OSError):
        for thread in Path(f"/proc/{process.pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                with suppress(psutil.NoSuchProcess):
                    yield from family(psutil.Process(int(child)))


def written(folder):
    """Bytes of the files in a folder; of very many, more than may be there."""
    total = 0
    for count, path in enumerate(folder.rglob("*")):
        if count > 10_000:
            return float("inf")
        with suppress(OSError):
            total += path.lstat().st_blocks * 512
    return total


def error(name, message):
    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])
