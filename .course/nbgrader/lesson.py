"""lesson.py SCHEDULER NOTEBOOK RESULT PARAMETERS: what test/lessons/execute.py does, on a worker of Dask."""

import os
import sys
from pathlib import Path

import remote
from cluster import Cluster

KEPT = ("CI", "UNROLLED_THREADS")

scheduler, source, result, parameters = sys.argv[1:]
answer = Cluster(scheduler).run(
    remote.lesson,
    {
        "project": remote.project(),
        "notebook": Path(source).read_text(),
        "parameters": parameters,
        "environment": {name: os.environ[name] for name in KEPT if name in os.environ},
    },
)
if answer["notebook"] is not None:
    Path(result).write_text(answer["notebook"])
print(answer["printed"], end="")
sys.exit(answer["code"])
