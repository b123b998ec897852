"""What nbgrader has to know of TypeScript, and how submissions are graded here: docs/teaching.md. A course's own
nbgrader_config.py is read after this one."""

import logging
import os
import sys
import warnings

c = get_config()  # noqa: F821 (traitlets gives it)

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../.course/nbgrader"))

# nbgrader's own use of SQLAlchemy, which nobody here can mend.
warnings.filterwarnings("ignore", message="Object of type <Submitted")

# `nbgrader validate` looks for points in what a check says of a right answer, finds words, and warns of each.
logging.getLogger("ValidateApp").addFilter(lambda record: not record.getMessage().startswith("Cell output is"))

# What stands in the place of a solution, and the marks around solutions and hidden tests.
c.ClearSolutions.code_stub = {
    "typescript": "return notAnswered(); // your answer in its place"
}
c.ClearSolutions.text_stub = "*Your answer in place of this line.*"
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
c.ClearHiddenTests.begin_test_delimeter = "BEGIN HIDDEN TESTS"
c.ClearHiddenTests.end_test_delimeter = "END HIDDEN TESTS"

# Submissions are run and checked by .course/nbgrader, in the place of nbgrader's own Execute.
from examine import Examine  # noqa: E402
from nbconvert.preprocessors import (  # noqa: E402
    ClearMetadataPreprocessor,
    CSSHTMLHeaderPreprocessor,
)
from nbgrader.preprocessors import (  # noqa: E402
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    GetGrades,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from submission import Restore, Submission, only_files  # noqa: E402

c.Autograde.pre_convert_hook = only_files
c.Autograde.exporter_class = Submission
c.Autograde.sanitize_preprocessors = [
    ClearOutput,
    Restore,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    Examine,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]
# What students read has no hidden test.
c.GenerateFeedback.preprocessors = [ClearHiddenTests, GetGrades, CSSHTMLHeaderPreprocessor]

# Formgrader and feedback show students' texts and outputs, and run nothing of them.
from pages import FILTERS  # noqa: E402

c.HTMLExporter.sanitize_html = True
c.TemplateExporter.filters = FILTERS
c.WidgetsDataTypeFilter.display_data_priority = [
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/latex",
    "text/markdown",
    "text/html",
    "text/plain",
]

c.NbGrader.log_level = "INFO"  # `nbgrader list` says what it has to say at this level
