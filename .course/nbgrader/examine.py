"""Runs and checks a submission, in the place of nbgrader's own Execute."""

import atexit
import logging
import os
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbformat import from_dict
from traitlets import Integer

from exam import Examiner


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
        outputs = Examine.take(
            {
                "notebook": nb,
                "sources": sources,
                "folder": os.path.abspath(resources["metadata"]["path"]),
                "limits": {name: getattr(self, name) for name in ("timeout", "memory", "output", "whole", "restarts")},
            }
        )
        for i, cell in enumerate(nb.cells):
            if cell.cell_type == "code":
                cell.execution_count = None
                cell.outputs = [from_dict(output) for output in outputs[i] or []]
        # nbgrader takes this away behind us, and other submissions may have been graded meanwhile: grade.py.
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        return nb, resources

    _examiner = None

    @staticmethod
    def here(job):
        """In this process, one after the other."""
        if Examine._examiner is None:
            Examine._examiner = Examiner(logging.getLogger("traitlets"))
            atexit.register(Examine._examiner.stop)
        return Examine._examiner.take(job)

    # Who takes a job, and gives the outputs by cell; grade.py puts workers there.
    take = here
