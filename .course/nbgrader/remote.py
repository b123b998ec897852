"""What workers of Dask run: cluster.py sends it. Each has the project itself; a submission or a lesson comes over the line."""

import hashlib
import io
import os
import socket
import subprocess
import sys
import tempfile
import threading
import zipfile
from functools import cache
from pathlib import Path

from room import is_full
from sandbox import isolation
from workers import Worker

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]


@cache
def project():
    """The digest of what grading and lessons depend on; equal where the project is."""
    digest = hashlib.sha256()
    parts = [*HERE.iterdir(), PROJECT / "test/lessons/execute.py", PROJECT / "node_modules/.unrolled/build"]
    for path in sorted(parts):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def expect(theirs):
    if theirs != project():
        raise RuntimeError(
            f"the project at {socket.gethostname()}:{PROJECT} is not the one that sends: bring both to the same commit, "
            "and begin the worker again"
        )


def describe(theirs):
    expect(theirs)
    return isolation()


def packed(folder):
    """A submission's files, but for notebooks."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".ipynb":
                archive.write(path, path.relative_to(folder), zipfile.ZIP_DEFLATED)
    return data.getvalue()


_own = threading.local()  # of each thread: a worker of Dask examines two submissions at once
_lesson = threading.Lock()  # but runs one lesson, which takes a core


def exam(job):
    """The outputs of a submission's cells."""
    expect(job["project"])
    try:
        with tempfile.TemporaryDirectory(prefix="exam-") as folder:
            zipfile.ZipFile(io.BytesIO(job["files"])).extractall(folder)
            if not hasattr(_own, "worker"):
                _own.worker = Worker()
            return {"outputs": _own.worker.ask({**job, "folder": folder, "files": None})}
    except (EOFError, BrokenPipeError):
        _own.worker.stop()
        del _own.worker
        raise
    except Exception as error:
        if is_full(error):
            return {"full": f"{socket.gethostname()}: {error}"}
        raise


def lesson(job):
    """Runs test/lessons/execute.py: its exit code, what it printed, and the notebook that it wrote."""
    expect(job["project"])
    with _lesson, tempfile.TemporaryDirectory(prefix="lesson-") as folder:
        source, result = (Path(folder, name) for name in ("source.ipynb", "result.ipynb"))
        source.write_text(job["notebook"])
        ran = subprocess.run(
            [
                *(sys.executable, PROJECT / "test/lessons/execute.py"),
                *(source, PROJECT / "notebooks", result, job["parameters"]),
            ],
            env={**os.environ, **job["environment"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return {
            "code": ran.returncode,
            "printed": ran.stdout,
            "notebook": result.read_text() if result.exists() else None,
        }
