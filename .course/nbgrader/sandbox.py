"""Where a submission's kernel runs, as far apart from everything else as the platform allows.

On Linux, where users may make namespaces: without network, with its own process numbers, and with a root folder of its own that has
neither the course, nor other submissions, nor the lessons, nor the teacher's home (`enter.sh`). Elsewhere Node's permission model
keeps it from files and child processes, but not from the network, which is said before grading.
"""

import atexit
import os
import platform
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from jupyter_client.manager import KernelManager
from traitlets import Instance, List

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
# The kernel of a submission ends with the process that examines it, however that ends.
TOGETHER = ["setpriv", "--pdeathsig", "KILL", "--"]
NAMESPACES = [*TOGETHER, "unshare", "--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--fork", "--kill-child"]
# What a process of the submission may take: MB of a file, and of all that it writes; threads and processes.
FILE, PROCESSES = 100, 400
# For kernels that live for a second: what is compiled and collected in threads of their own would cost them a third of their CPU time,
# for code that is not used long enough. So functions that run ten times as often are optimized, and memory is collected later.
BRIEF = [
    "--invocation-count-for-maglev=4000",
    "--invocation-count-for-turbofan=30000",
    "--min-semi-space-size=8",
    "--initial-heap-size=300",
    "--heap-growing-percent=0",
]
# Environment that a kernel needs; the rest, a teacher's tokens among it, stays out.
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")


class Manager(KernelManager):
    around = List(help="The program that the kernel's own is an argument of.")
    folder = Instance(Path, help="The only folder of this machine that it can write, where its sockets are.")

    flags = List(help="What Node is told beside what the kernel tells it.")

    def format_kernel_cmd(self, extra_arguments=None):
        *node, program, connection = super().format_kernel_cmd(extra_arguments)
        return [*self.around, *node, *BRIEF, *self.flags, program, connection]


@cache
def isolation():
    """What keeps a submission apart on this machine: the program around it, or why there is none."""
    if platform.system() != "Linux":
        return None, f"{platform.system()} has no namespaces"
    for program in ("unshare", "setpriv", "prlimit"):
        if shutil.which(program) is None:
            return None, f"the program {program} (util-linux) is missing"
    with tempfile.TemporaryDirectory() as folder:
        root, work, run = (Path(folder, name) for name in ("root", "work", "run"))
        for path in (root, work, run):
            path.mkdir()
        tried = subprocess.run(
            [*entered(root, work, run), "true"], capture_output=True, text=True, check=False
        )
    if tried.returncode == 0:
        return True, None
    return None, tried.stderr.strip().splitlines()[-1] if tried.stderr else "unshare failed"


def entered(root, work, run):
    limits = ["prlimit", f"--fsize={FILE * 1_000_000}", f"--nproc={PROCESSES}", "--core=0", "--"]
    enter = ["sh", HERE / "enter.sh", root, work, run, PROJECT]
    return [str(part) for part in (*NAMESPACES, "--", *enter, *limits)]


def describe(isolations):
    """What is said before grading, of the machines that examine; each is what `isolation` gave there."""
    kept = [why for isolated, why in isolations if not isolated]
    if len(kept) < len(isolations):
        where = "" if not kept else f" on {len(isolations) - len(kept)} of {len(isolations)} workers"
        yield (
            f"Submissions are isolated{where}: no network, no files but their own and the project's packages, "
            "limits on time, memory, output and processes."
        )
    for why in sorted(set(kept)):
        yield (
            f"Submissions are not isolated {'here' if len(isolations) == len(kept) else 'on the others'} ({why}): they can use the "
            "network, and only Node's permission model keeps them from your files. docs/teaching.md says what to do."
        )


class Sandbox:
    warned = False

    def __init__(self, folder, log):
        self.isolated, why = isolation()
        if not self.isolated and not Sandbox.warned:
            Sandbox.warned = True
            for line in describe([(None, why)]):
                log.warning("%s", line)
        # A short path, since those of sockets may have 107 characters.
        self.temporary = Path(tempfile.mkdtemp(prefix="exam-"))
        self.work = self.temporary / "work"
        try:
            shutil.copytree(folder, self.work, ignore=shutil.ignore_patterns("*.ipynb"))
        except OSError:
            self.remove()
            raise

    def remove(self):
        shutil.rmtree(self.temporary, ignore_errors=True)

    def student(self):
        """Starts the student's kernel."""
        run = Path(tempfile.mkdtemp(dir=self.temporary))
        if not self.isolated:
            return start(run, self.work, flags=permissions(run, self.work))
        root = run / "root"
        root.mkdir()
        sockets = run / "s"
        sockets.mkdir()
        return start(sockets, self.work, around=entered(root, self.work, sockets))


def permissions(*own):
    """Node's permission model, for where there are no namespaces: no files but its own and the packages, and no child processes.

    It is no wall against machine code (the kernel's own add-on must be allowed), leaves the network open, and an endless loop cannot
    be interrupted, so that its kernel ends.
    """
    own = {str(path) for folder in own for path in (folder, folder.resolve())}
    packages = [str(PROJECT / name) for name in ("node_modules", "lib", "kernel", "datasets", "package.json")]
    read = [*own, *packages, "/etc/alpine-release"]  # which the loader of ZeroMQ's add-on asks for
    return [
        "--permission",
        "--allow-addons",
        "--allow-worker",
        *(f"--allow-fs-read={path}" for path in read),
        *(f"--allow-fs-write={path}" for path in own),
    ]


def examiner():
    """Starts the examiner's kernel, which runs none of the students' code, and serves all submissions of a run."""
    folder = Path(tempfile.mkdtemp(prefix="exam-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return start(folder, folder)


def start(run, cwd, around=(), flags=()):
    manager = Manager(
        kernel_name="unrolled",
        transport="ipc",
        connection_file=str(run / "k.json"),
        around=list(around),
        flags=list(flags),
        folder=run,
    )
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    env = {
        **kept,
        "HOME": str(cwd),
        "UNROLLED_HISTORY": "off",
        "UNROLLED_READ_AHEAD": "off",
        "JUPYTER_RUNTIME_DIR": str(run),
        "NBGRADER_EXECUTION": "autograde",
    }
    if around:
        env["TMPDIR"] = "/tmp"  # in the root folder of its own
    manager.start_kernel(
        cwd=str(cwd), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return manager
