"""The settings of this course. What nbgrader must know of TypeScript, and how it grades, it reads from
{{PROJECT}}/.setup/jupyter/nbgrader_config.py, which ./course points it to; what stands here comes after that and wins."""

import os

c = get_config()  # noqa: F821 (traitlets gives it)

here = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.course_id = "{{NAME}}"
c.CourseDirectory.root = here

# Where releases and submissions meet. For students with accounts on the same machine, a folder that all may read.
c.Exchange.root = os.path.join(here, "exchange")

# c.Examine.timeout = 30         # seconds of a cell, and of one call of an answer
# c.Examine.memory = 2000        # MB of a submission
