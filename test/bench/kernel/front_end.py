"""The clock: a front end as small as jupyter_client allows."""

import socket
import time

import psutil
from jupyter_client.manager import KernelManager


def milliseconds(since):
    return 1000 * (time.perf_counter() - since)


class FrontEnd:
    """A running kernel. `start` is the time from its launch to its first idle status."""

    def __init__(self, name, cwd):
        self.manager = KernelManager(kernel_name=f"bench-{name}")
        begin = time.perf_counter()
        self.manager.start_kernel(cwd=str(cwd))
        self._wait_for_ports()
        self.client = self.manager.client()
        self.client.start_channels()
        while not self._is_idle():
            pass
        self.start = milliseconds(begin)

    def _wait_for_ports(self):
        """ZeroMQ tries again only every 100 ms, which would blur the start of a quick kernel."""
        for port in (self.manager.shell_port, self.manager.iopub_port):
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.001)

    def _is_idle(self):
        """Asks for kernel_info; a status published before the subscription got through is lost, so it asks again."""
        asked = self.client.kernel_info()
        until = time.perf_counter() + 60
        replied = False
        while time.perf_counter() < until:
            if self.client.iopub_channel.socket.poll(2):
                message = self.client.get_iopub_msg(timeout=1)
                parent = message["parent_header"].get("msg_id")
                if parent == asked and message["content"].get("execution_state") == "idle":
                    return True
            if not replied and self.client.shell_channel.socket.poll(0):
                replied = self.client.get_shell_msg(timeout=1)["parent_header"].get("msg_id") == asked
                until = min(until, time.perf_counter() + 0.02)
        return False

    def run(self, code):
        """
        Milliseconds from a cell's request to its idle status, its reply included; fails when the cell does.
        That its value arrived is not asked: Deno's kernel publishes some after the idle status, tslab prints them.
        """
        begin = time.perf_counter()
        asked = self.client.execute(code)
        self._wait_for_idle(asked)
        reply = self._reply_to(asked)
        taken = milliseconds(begin)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"{code}\ngave {reply['content']}")
        return taken

    def _reply_to(self, asked):
        while True:
            reply = self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == asked:
                return reply

    def _wait_for_idle(self, asked):
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            parent = message["parent_header"].get("msg_id")
            if parent == asked and message["content"].get("execution_state") == "idle":
                return

    def complete(self, code):
        begin = time.perf_counter()
        asked = self.client.complete(code, len(code))
        self._reply_to(asked)
        taken = milliseconds(begin)
        self._wait_for_idle(asked)
        return taken

    def resident(self):
        """Megabytes of the kernel and what it started."""
        process = psutil.Process(self.manager.provisioner.pid)
        all_of_them = [process, *process.children(recursive=True)]
        return sum(each.memory_info().rss for each in all_of_them) / 2**20

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
