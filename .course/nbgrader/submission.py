"""Reads a submission without believing what it says of itself."""

import os
import stat
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import parse_utc
from traitlets import Integer


def only_files(assignment, student, notebooks):
    """What is done to a submission before nbgrader copies it.

    A text comes in the place of what is no file, since a link may lead to solutions, or to no end; a time stamp that is none is put
    aside.
    """
    folder = Path(notebooks[0]).parent
    for path in folder.rglob("*"):
        mode = path.lstat().st_mode
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            what = f"a link to {os.readlink(path)}" if stat.S_ISLNK(mode) else "no file"
            path.unlink()
            path.write_text(f"This was {what}: only files are graded.\n")
    stamp = folder / "timestamp.txt"
    if stamp.exists():
        try:
            parse_utc(stamp.read_text(errors="replace").strip())
        except (ValueError, OverflowError):
            stamp.rename(folder / "timestamp-unreadable.txt")


class Submission(NotebookExporter):
    """Refuses files that would take the memory of the machine."""

    largest = Integer(50, help="MB of a submitted notebook.").tag(config=True)

    def from_filename(self, filename, resources=None, **more):
        size = os.path.getsize(filename) / 1e6
        if size > self.largest:
            raise NbGraderException(
                f"{filename} has {size:.0f} MB, more than the {self.largest} MB of Submission.largest: clear its outputs"
            )
        return super().from_filename(filename, resources=resources, **more)


class Restore(NbGraderPreprocessor):
    """Gives each cell the metadata that it was released with, and puts back cells that were removed.

    What a cell is, how many points it has, and what stands in a locked one, the gradebook knows. Of the submission's own metadata only the cells' names count;
    of several cells of one name, the last. In the place of nbgrader's DeduplicateIds.
    """

    def preprocess(self, nb, resources):
        named = resources["nbgrader"]
        with Gradebook(named["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(named["notebook"], named["assignment"])
            solutions = {cell.name for cell in notebook.solution_cells}
            points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
            tasks = {cell.name for cell in notebook.task_cells}
            released = {cell.name: self.describe(cell, solutions, points, tasks) for cell in notebook.source_cells}
        there = {}
        for cell in nb.cells:
            said = cell.metadata.pop("nbgrader", None)
            name = said.get("grade_id") if isinstance(said, dict) else None
            if isinstance(name, str) and name in released:
                there[name] = cell
        before = -1
        for name, (metadata, source) in released.items():
            if name not in there:
                if not (metadata["locked"] or metadata["grade"] or metadata["task"]):
                    continue
                self.log.warning("Cell '%s' was missing, and is put back", name)
                made = new_code_cell if metadata["cell_type"] == "code" else new_markdown_cell
                there[name] = made(source)
                nb.cells.insert(before + 1, there[name])
            there[name].metadata.nbgrader = metadata
            if metadata["locked"]:
                there[name].source = source
            before = next(i for i, cell in enumerate(nb.cells) if cell is there[name])
        return nb, resources

    def describe(self, cell, solutions, points, tasks):
        metadata = {
            "grade_id": cell.name,
            "grade": cell.name in points and cell.name not in tasks,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
            "locked": cell.locked,
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
            "schema_version": 3,
        }
        if cell.name in points:
            metadata["points"] = points[cell.name]
        return metadata, cell.source
