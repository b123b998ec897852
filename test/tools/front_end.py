"""What the scripts beside this share: a kernel as a front end starts it, and how large it is."""

from contextlib import contextmanager

import psutil
from jupyter_client.manager import KernelManager


@contextmanager
def kernel(**options):
    """A running kernel `unrolled` and a client that has heard from it."""
    manager = KernelManager(kernel_name="unrolled")
    manager.start_kernel(**options)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client, code, timeout=120):
    """Runs a cell: the messages it published up to its idle status, and the content of its reply."""
    asked = client.execute(code)
    outputs = []
    while True:
        message = client.get_iopub_msg(timeout=timeout)
        if message["parent_header"].get("msg_id") != asked:
            continue
        if message["content"].get("execution_state") == "idle":
            break
        outputs.append(message)
    while True:
        reply = client.get_shell_msg(timeout=timeout)
        if reply["parent_header"].get("msg_id") == asked:
            return outputs, reply["content"]


def megabytes(manager):
    """The resident memory of the kernel."""
    return psutil.Process(manager.provisioner.pid).memory_info().rss / 2**20
