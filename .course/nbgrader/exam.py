"""Runs and checks one submission, without nbgrader's database.

Two kernels share the work. The **student's kernel** runs the notebook, from top to bottom, and knows no hidden test and no solution.
The **examiner's kernel** runs the checks, and none of the student's code: where a check calls an answer, the arguments go to the
student's kernel, and the result comes back (`link.js`). So a submission cannot change a check, read a hidden test, or print points.

An answer that never ends, that ends its kernel, or fills the memory, loses its own points: the student's kernel is begun anew, runs
the cells before once more without that one, and goes on behind it.
"""

import json
import re
import tempfile
import time
from pathlib import Path

from nbformat import from_dict
from nbformat.v4 import new_output

from kernels import Kernel, error
from room import expect_room
from sandbox import FILE, Sandbox, examiner

HERE = Path(__file__).parent
LINK = (HERE / "link.js").read_text()
HIDDEN = re.compile(r"^.*BEGIN HIDDEN TESTS.*$", re.MULTILINE)
WITH_STUDENT = "// This check runs in the student's kernel."
DECLARED = re.compile(r"^(?:async\s+)?(?:function\*?|const|let|class)\s+([\w$]+)", re.MULTILINE)
VERDICT = "application/vnd.unrolled.verdict+json"


def plain(code, kind):
    """An expression that runs plain JavaScript, and has a type. The compiler, which sees a text, checks nothing, and need not read the
    types of Node: they are half of what a kernel of a second takes. It would read them for some words, so that there are none."""
    escaped = "".join(f"%{byte:02x}" for byte in code.encode())
    return f'(0, eval)(decodeURIComponent("{escaped}")) as {kind}'


def end(named, part):
    """One end of the line. Names of cells are properties of the global object, with a mark at their end:
    kernel/cells/compile/marked-names.ts."""
    return f"""(() => {{
      const require = globalThis["require\\u200c"];
      const {{ input }} = require("@unrolled/kernel");
      const {{ tensor }} = require("unrolled");
      {LINK}
      return $link(input, tensor, (name) => {{ {named} }}).{part};
    }})()"""


NONE = 'throw new Error("the examiner has no answers");'
NAMED = """
  if (!Object.hasOwn(globalThis, name + "\\u200c"))
    throw new ReferenceError(name + " is not there: the cell that declares it failed, or was removed");
  return globalThis[name + "\\u200c"];
"""
# The cells that make the two ends. Answers have the types of what was released.
EXAMINER = f"const $answers = {plain(end(NONE, 'answers'), '<A>(released: A) => A')};"
STUDENT = f"const $serve = {plain(end(NAMED, 'serve'), '() => void')};"
STARTING = 60  # seconds of the cells that are the grader's own


def prepare(kernel, code):
    """Runs a cell of the grader's own in a new kernel. Its failure is not the submission's, which is then not graded."""
    for _ in range(3):
        event = kernel.run(code, STARTING)
        if event == "done" and kernel.status != "error":
            return
        said = [f"{output.ename}: {output.evalue}" for output in kernel.outputs if output.output_type == "error"]
        kernel.stop()
    raise RuntimeError(f"the grader's own cell failed three times ({said[-1] if said else event})")


ENDED = {
    "time": ("TimeLimit", "stopped after {timeout} s"),
    "output": ("OutputLimit", "stopped after {output} MB of output"),
    "memory": ("MemoryLimit", "ended at {memory} MB of memory"),
    "disk": ("DiskLimit", f"ended after it wrote {FILE} MB"),
    "died": ("KernelEnded", "the code ended its own process"),
}


class Examiner:
    """The examiner's kernel. It serves all submissions of a process, one after the other."""

    def __init__(self, log):
        self.log = log
        self.kernel = None

    def take(self, job):
        """The outputs of a notebook's cells, a list for each cell of code; `job` is what Examine makes.

        @raises NoRoom when the disk of temporary files is full: a right answer may fail then, and its outputs are not believed.
        """
        disk = tempfile.gettempdir()
        expect_room(disk)
        sandbox = Sandbox(Path(job["folder"]), self.log)
        try:
            return Exam(self, sandbox, job).run()
        finally:
            sandbox.remove()
            expect_room(disk)

    def begin(self, limits):
        """A new kernel at the first submission, and after it had to be stopped. @returns whether it is new"""
        if self.kernel is None:
            self.kernel = Kernel(examiner, memory=limits["memory"], output=limits["output"], disk=FILE)
        if not self.kernel.alive:
            prepare(self.kernel, EXAMINER)
            return True
        return False

    def rest(self, limits):
        """Between two submissions: a kernel that has grown by those before does not fail the next one."""
        if self.kernel is not None and self.kernel.alive and self.kernel.used() > limits["memory"] * 1e6 / 2:
            self.kernel.stop()

    def stop(self):
        if self.kernel is not None:
            self.kernel.stop()


class Exam:
    """One submission."""

    def __init__(self, examiner, sandbox, job):
        self.cells = job["notebook"]["cells"]
        self.sources = job["sources"]
        self.limits = job["limits"]
        self.timeout = self.limits["timeout"]
        self.deadline = time.monotonic() + self.limits["whole"]
        self.examiner = examiner
        examiner.rest(self.limits)
        examiner.begin(self.limits)
        self.student = Student(self, sandbox)
        self.prepared = []  # what a new examiner's kernel has to run again

    def run(self):
        try:
            return [self.take(from_dict(cell)) for cell in self.cells]
        finally:
            self.student.kernel.stop()

    def take(self, cell):
        if cell.cell_type != "code" or not cell.source.strip():
            return None
        said = cell.metadata.get("nbgrader", {})  # by Restore, not by the submission
        identity = said.get("grade_id")
        if said.get("grade") and not said.get("solution"):
            return self.check(self.sources[identity], float(said["points"]))
        outputs = self.student.run(cell.source)
        if identity in self.sources:
            released = self.sources[identity]
            self.prepare(released)
            if said.get("locked") and not said.get("solution"):
                self.student.locked.append(released)
            else:
                self.declare(DECLARED.findall(released))
        return outputs

    def prepare(self, code):
        """Runs what later checks need in the examiner's kernel."""
        self.prepared.append(code)
        self.examiner.kernel.run(code, self.timeout, self.relay)

    def declare(self, names):
        """From here on, these names stand for the student's answers in the examiner's kernel."""
        if names:
            listed = ", ".join(names)
            self.prepare(f"const $released = {{ {listed} }}")
            self.prepare(f"const {{ {listed} }} = $answers($released)")

    def check(self, source, most):
        """The outputs of a check, whose last one nbgrader reads the points from."""
        shown, *hidden = HIDDEN.split(source)
        hidden = "\n".join(hidden)
        if WITH_STUDENT in hidden:
            for locked in self.student.locked:  # names that the student gave to something else mean the library again
                self.student.run(locked)
            outputs = self.student.run(shown)
        else:
            outputs = self.examine(shown)
            if hidden and not failed(outputs):
                outputs += self.examine(hidden)
        self.student.leave()
        if failed(outputs):
            return worded(outputs)
        shares = [output["data"][VERDICT]["share"] for output in outputs if VERDICT in output.get("data", {})]
        if not shares:
            return outputs  # a test of the teacher's own, whose value nbgrader reads
        points = min(shares) * most
        return worded(outputs) + [
            new_output("execute_result", {"text/plain": f"{points:g}"}, execution_count=None)
        ]

    def examine(self, code):
        kernel = self.examiner.kernel
        event = kernel.run(code, 4 * self.timeout, self.relay)
        outputs = list(kernel.results())
        if event != "done":
            outputs.append(self.ended(event))
            kernel.stop()
        if self.examiner.begin(self.limits):
            for prepared in self.prepared:
                kernel.run(prepared, self.timeout, self.relay)
        return outputs

    def relay(self, line):
        """Hands a line of the examiner's kernel to the student's, and gives what comes back."""
        try:
            return self.student.answer(line)
        except Ended as ended:
            return json.dumps({"thrown": {"name": ended.ename, "message": ended.evalue}})

    def ended(self, event):
        name, message = ENDED[event]
        return error(name, message.format(**self.limits))


class Ended(Exception):
    def __init__(self, output):
        self.ename, self.evalue = output.ename, output.evalue


class Student:
    """The student's kernel, which may end at any time."""

    def __init__(self, exam, sandbox):
        self.exam = exam
        limits = exam.limits
        self.kernel = Kernel(sandbox.student, memory=limits["memory"], output=limits["output"], disk=FILE)
        self.ran = []  # what a new kernel has to run again
        self.locked = []  # imports and what else cannot be changed
        self.serves = False
        self.starts = 0

    def run(self, code):
        try:
            self.ready()
        except Ended as ended:
            return [error(ended.ename, ended.evalue)]
        event = self.kernel.run(code, self.exam.timeout)
        outputs = list(self.kernel.results())
        if self.kernel.alive:
            self.ran.append(code)
        if event != "done":
            outputs.append(self.exam.ended(event))
        return outputs

    def ready(self):
        """A kernel that has run what came before."""
        left = self.exam.deadline - time.monotonic()
        if left < 0:
            raise Ended(error("TimeLimit", f"the whole submission took more than {self.exam.limits['whole']} s"))
        if self.kernel.alive:
            return
        self.serves = False
        while not self.kernel.alive:
            if self.starts > self.exam.limits["restarts"]:
                raise Ended(error("KernelEnded", f"the kernel ended {self.starts} times"))
            self.starts += 1
            self.kernel.start()
            if self.starts == 1:
                prepare(self.kernel, STUDENT)
            else:  # what the submission did may stand in the way of a kernel
                self.kernel.run(STUDENT, STARTING)
            for code in list(self.ran):
                self.kernel.run(code, self.exam.timeout)
                if not self.kernel.alive:
                    self.ran.remove(code)
                    break

    def answer(self, line):
        self.ready()
        if not self.serves:
            self.kernel.begin("$serve()", asks=True)
            self.expect_question()
            self.serves = True
        self.kernel.client.input(line)
        self.expect_question()
        return self.kernel.prompt

    def expect_question(self):
        event = self.kernel.wait(self.exam.timeout)
        if event == "input":
            return
        self.serves = False
        if event == "done":
            said = [output for output in self.kernel.outputs if output.output_type == "error"]
            raise Ended(said[-1] if said else error("KernelEnded", "the answer did not come back"))
        self.kernel.stop()  # the line may be broken: an answer above the size of a message ends it
        raise Ended(self.exam.ended(event))

    def leave(self):
        """Ends the answering, so that cells can run again."""
        if self.serves and self.kernel.alive:
            self.kernel.client.input('{"end": true}')
            if self.kernel.wait(10) != "done":
                self.kernel.stop()
        self.serves = False


def failed(outputs):
    return any(output.output_type == "error" for output in outputs)


def worded(outputs):
    """Verdicts as words alone, so that nbgrader does not look for points in them."""
    return [
        new_output("stream", name="stdout", text=output["data"]["text/plain"] + "\n")
        if VERDICT in output.get("data", {})
        else output
        for output in outputs
    ]
