"""The clock: a front end as small as jupyter_client allows."""

import socket
import time
from pathlib import Path

import psutil
from jupyter_client.manager import KernelManager


class FrontEnd:
    """
    A running kernel. `start` is the time from its launch to its first idle status. Times are milliseconds by the clock, or with `cpu` those that
    the kernel's processes computed, which a busy machine hardly changes (Linux).
    """

    def __init__(self, name, cwd, cpu=False):
        self.manager = KernelManager(kernel_name=f"bench-{name}")
        self._cpu = cpu
        begin = 0 if cpu else self._now()
        self.manager.start_kernel(cwd=str(cwd))
        self._wait_for_ports()
        self.client = self.manager.client()
        self.client.start_channels()
        while not self._is_idle():
            pass
        self.start = self._now() - begin

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
        begin = self._now()
        asked = self.client.execute(code)
        self._wait_for_idle(asked)
        reply = self._reply_to(asked)
        taken = self._now() - begin
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
        begin = self._now()
        asked = self.client.complete(code, len(code))
        self._reply_to(asked)
        taken = self._now() - begin
        self._wait_for_idle(asked)
        return taken

    def _now(self):
        """Milliseconds since any point: by the clock, or computed by the kernel so far."""
        if not self._cpu:
            return 1000 * time.perf_counter()
        tasks = [task for each in self._processes() for task in Path(f"/proc/{each.pid}/task").glob("*/schedstat")]
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6

    def _processes(self):
        """The kernel and what it started."""
        process = psutil.Process(self.manager.provisioner.pid)
        return [process, *process.children(recursive=True)]

    def resident(self):
        """Megabytes of the kernel and what it started."""
        return sum(each.memory_info().rss for each in self._processes()) / 2**20

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
