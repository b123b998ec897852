"""Runs and checks a submission, in the place of nbgrader's own Execute.

Two kernels share the work. The **student's kernel** runs the notebook, from top to bottom, and knows no hidden test and no solution.
The **examiner's kernel** runs the checks, and none of the student's code: where a check calls an answer, the arguments go to the
student's kernel, and the result comes back (`link.ts`). So a submission cannot change a check, read a hidden test, or print points.

An answer that never ends, that ends its kernel, or fills the memory, loses its own points: the student's kernel is begun anew, runs
the cells before once more without that one, and goes on behind it.
"""

import atexit
import json
import re
import time
from pathlib import Path

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbformat.v4 import new_output
from traitlets import Integer

from kernels import Kernel, error
from sandbox import Sandbox, examiner

HERE = Path(__file__).parent
LINK = (HERE / "link.ts").read_text()
HIDDEN = re.compile(r"^.*BEGIN HIDDEN TESTS.*$", re.MULTILINE)
WITH_STUDENT = "// This check runs in the student's kernel."
DECLARED = re.compile(r"^(?:async\s+)?(?:function\*?|const|let|class)\s+([\w$]+)", re.MULTILINE)
VERDICT = "application/vnd.unrolled.verdict+json"

# The cells that make the two ends of the line. `as string` spares the compiler the types of the modules.
# Names of cells are properties of the global object, with a mark at their end: kernel/cells/compile/marked-names.ts.
MODULES = """
  const { input } = (await import("@unrolled/kernel" as string)) as any;
  const { tensor } = (await import("unrolled" as string)) as any;
"""
EXAMINER = f"""
{LINK}
const $examiner = await (async () => {{
  {MODULES}
  return $link(input, tensor, () => {{ throw new Error("the examiner has no answers"); }});
}})();
"""
STUDENT = f"""
const $serve = await (async () => {{
  {MODULES}
  {LINK}
  const named = (name: string) => {{
    if (!Object.hasOwn(globalThis, name + "\\u200c"))
      throw new ReferenceError(name + " is not there: the cell that declares it failed, or was removed");
    return (globalThis as any)[name + "\\u200c"];
  }};
  return $link(input, tensor, named).serve;
}})();
"""
STARTING = 60  # seconds of the cells that are the grader's own

ENDED = {
    "time": ("TimeLimit", "stopped after {timeout} s"),
    "output": ("OutputLimit", "stopped after {output} MB of output"),
    "memory": ("MemoryLimit", "ended at {memory} MB of memory"),
    "died": ("KernelEnded", "the code ended its own process"),
}


class Examine(NbGraderPreprocessor):
    timeout = Integer(30, help="Seconds of a cell, and of one call of an answer.").tag(config=True)
    memory = Integer(2000, help="MB of memory of a submission.").tag(config=True)
    output = Integer(10, help="MB of output of a cell.").tag(config=True)
    whole = Integer(900, help="Seconds of a submission, all cells together.").tag(config=True)
    restarts = Integer(10, help="How often the student's kernel may end before its other cells are not run any more.").tag(config=True)

    def preprocess(self, nb, resources):
        named = resources["nbgrader"]
        with Gradebook(named["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(named["notebook"], named["assignment"])
            sources = {cell.name: cell.source for cell in notebook.source_cells}
        sandbox = Sandbox(Path(resources["metadata"]["path"]), self.log)
        self.deadline = time.monotonic() + self.whole
        self.student = Student(self, sandbox)
        self.examiner = self.shared()
        try:
            for cell in nb.cells:
                self.take(cell, sources)
        finally:
            self.student.kernel.stop()
            sandbox.remove()
        return nb, resources

    def shared(self):
        """The examiner's kernel; a new one at the beginning, and after it had to be stopped."""
        kernel = Examine.kernel
        if kernel is None:
            kernel = Examine.kernel = Kernel(examiner, memory=self.memory, output=self.output)
            atexit.register(kernel.stop)
        if not kernel.alive:
            kernel.run(EXAMINER, STARTING)
        return kernel

    kernel = None

    def take(self, cell, sources):
        if cell.cell_type != "code" or not cell.source.strip():
            return
        cell.execution_count = None
        identity = cell.metadata.get("nbgrader", {}).get("grade_id")
        if utils.is_grade(cell) and not utils.is_solution(cell):
            cell.outputs = self.check(sources[identity], cell)
            return
        cell.outputs = self.student.run(cell.source)
        if identity in sources:
            released = sources[identity]
            self.examiner.run(released, self.timeout)
            if utils.is_locked(cell):
                self.student.locked.append(released)
            else:
                self.declare(DECLARED.findall(released))

    def declare(self, names):
        """From here on, these names stand for the student's answers in the examiner's kernel."""
        if names:
            listed = ", ".join(names)
            self.examiner.run(f"const $released = {{ {listed} }}", self.timeout)
            self.stand = f"const {{ {listed} }} = $examiner.answers($released)"
            self.examiner.run(self.stand, self.timeout, self.relay)

    def check(self, source, cell):
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
        points = min(shares) * float(cell.metadata.nbgrader["points"])
        return worded(outputs) + [
            new_output("execute_result", {"text/plain": f"{points:g}"}, execution_count=None)
        ]

    def examine(self, code):
        event = self.examiner.run(code, 4 * self.timeout, self.relay)
        outputs = list(self.examiner.results())
        if event != "done":
            outputs.append(self.ended(event))
            self.examiner.stop()
            self.shared()
        return outputs

    def relay(self, line):
        """Hands a line of the examiner's kernel to the student's, and gives what comes back."""
        try:
            return self.student.answer(line)
        except Ended as ended:
            return json.dumps({"thrown": {"name": ended.ename, "message": ended.evalue}})

    def ended(self, event):
        name, message = ENDED[event]
        return error(name, message.format(timeout=self.timeout, output=self.output, memory=self.memory))


class Ended(Exception):
    def __init__(self, output):
        self.ename, self.evalue = output.ename, output.evalue


class Student:
    """The student's kernel, which may end at any time."""

    def __init__(self, exam, sandbox):
        self.exam = exam
        self.kernel = Kernel(sandbox.student, memory=exam.memory, output=exam.output)
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
            raise Ended(error("TimeLimit", f"the whole submission took more than {self.exam.whole} s"))
        if self.kernel.alive:
            return
        self.serves = False
        while not self.kernel.alive:
            if self.starts > self.exam.restarts:
                raise Ended(error("KernelEnded", f"the kernel ended {self.starts} times"))
            self.starts += 1
            self.kernel.start()
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
        raise Ended(self.exam.ended(event))

    def leave(self):
        """Ends the answering, so that cells can run again."""
        if self.serves and self.kernel.alive:
            self.kernel.client.input('{"end": true}')
            self.kernel.wait(10)
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
