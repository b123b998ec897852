"""Runs a notebook as `jupyter execute` does, but without a network, and says what its kernel took.

    execute.py NOTEBOOK FOLDER RESULT [PARAMETERS]

runs it in FOLDER and writes it with its outputs to RESULT. PARAMETERS is JSON: papermill puts these values behind the cell that is
tagged `parameters`. The last line printed is {"cpu": seconds, "memory": MB, "online": why}: the
CPU time of the kernel's process and of those it waited for, the most memory that it held, and why the kernel had a network, or null
where it had none. Exits 1 when a cell fails, after its error.
"""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SECONDS_A_CELL = 600  # by which only a cell that hangs is meant
# A network namespace of its own, in which no address can be reached, not even 127.0.0.1.
APART = ["unshare", "--user", "--map-current-user", "--net", "--"]


def network():
    """Why the network cannot be taken from a kernel on this machine; None where it can."""
    try:
        tried = subprocess.run([*APART, "true"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"{APART[0]} cannot be run ({error.strerror})"
    return (tried.stderr.strip() or "unshare failed") if tried.returncode else None


def offline(online, folder):
    """The class of a kernel that is reached through files in a folder, which need no network."""

    class Offline(AsyncKernelManager):
        def __init__(self, **options):
            file = str(Path(folder, "k.json"))
            super().__init__(transport="ipc", connection_file=file, **options)

        def format_kernel_cmd(self, extra_arguments=None):
            command = super().format_kernel_cmd(extra_arguments)
            return command if online else [*APART, *command]

    return Offline


def parameterized(source, parameters):
    """The notebook with other values, as `papermill -p` makes it: papermill finds TypeScript by itself (kernel/papermill)."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    return parameterize_notebook(load_notebook_node(source), parameters)


source, home, result, *values = sys.argv[1:]
parameters = json.loads(values[0]) if values else {}
if parameters:
    notebook = parameterized(source, parameters)
else:
    notebook = nbformat.read(source, as_version=4)
online = network()
failed = False
with tempfile.TemporaryDirectory() as sockets:  # its path is short: that of a socket may have 107 characters
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name=notebook.metadata.kernelspec.name,
        kernel_manager_class=offline(online, sockets),
        resources={"metadata": {"path": home}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        failed = True
        print(error)
nbformat.write(notebook, result)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
kilobytes = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
took = {"cpu": used.ru_utime + used.ru_stime, "memory": kilobytes / 1024, "online": online}
print(json.dumps(took))
sys.exit(failed)
