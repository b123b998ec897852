"""Runs a notebook as `jupyter execute` does, and says what its kernel took.

    execute.py NOTEBOOK FOLDER RESULT

runs it in FOLDER and writes it with its outputs to RESULT. The last line printed is {"cpu": seconds, "memory": MB}: the CPU time of
the kernel's process and of those it waited for, and the most memory that it held. Exits 1 when a cell fails, after its error.
"""

import json
import resource
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SECONDS_A_CELL = 600  # by which only a cell that hangs is meant

source, folder, result = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
client = NotebookClient(
    notebook,
    timeout=SECONDS_A_CELL,
    kernel_name=notebook.metadata.kernelspec.name,
    resources={"metadata": {"path": folder}},
)
failed = False
try:
    client.execute()
except CellExecutionError as error:
    failed = True
    print(error)
nbformat.write(notebook, result)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
kilobytes = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "memory": kilobytes / 1024}))
sys.exit(failed)
