"""What nbgrader has to know of TypeScript, and how submissions are graded here: docs/teaching.md. A course's own
nbgrader_config.py is read after this one."""

import os
import sys

c = get_config()  # noqa: F821 (traitlets gives it)

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../.course/nbgrader"))

# What stands in the place of a solution, and the marks around solutions and hidden tests.
c.ClearSolutions.code_stub = {
    "typescript": "return notAnswered(); // your answer in its place"
}
c.ClearSolutions.text_stub = "*Your answer in place of this line.*"
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
c.ClearHiddenTests.begin_test_delimeter = "BEGIN HIDDEN TESTS"
c.ClearHiddenTests.end_test_delimeter = "END HIDDEN TESTS"
